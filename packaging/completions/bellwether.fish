# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bellwether_global_optspecs
    string join \n config= set= date= start= catch-up= speed= scenario= book= recover= live-guards read-only data= workflow= agents= theme= color= ascii no-color plain once= at= json kiosk h/help V/version
end

function __fish_bellwether_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bellwether_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bellwether_using_subcommand
    set -l cmd (__fish_bellwether_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bellwether -n "__fish_bellwether_needs_command" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_needs_command" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l once -d 'Print what one screen lists at a moment, and end' -r -f -a "day\t'The stages of the day'
tasks\t'Every task, most pressing first'
agents\t'The agents'
events\t'What happened, oldest first'
alerts\t'Alerts, and what waits for an answer'"
complete -c bellwether -n "__fish_bellwether_needs_command" -l at -d 'The moment of `--once`, exchange time: the day is simulated up to there' -r
complete -c bellwether -n "__fish_bellwether_needs_command" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_needs_command" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_needs_command" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_needs_command" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_needs_command" -l plain -d 'The console in words: one line per event, and commands typed as lines; `help` lists them'
complete -c bellwether -n "__fish_bellwether_needs_command" -l json -d '`--once` as JSON'
complete -c bellwether -n "__fish_bellwether_needs_command" -l kiosk -d 'Open the console for a wall: gauges in large words, nothing can be done at it'
complete -c bellwether -n "__fish_bellwether_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bellwether -n "__fish_bellwether_needs_command" -s V -l version -d 'Print version'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "control" -d 'Send a command to a served run: retry, hold, approve, pause, …; `control help` lists all'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "agents" -d 'List the agents of your own, see whether they work, and try one outside of a run'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "attach" -d 'Open the console on a day that is served'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "audit" -d 'Verify, show or export the audit trail: who did or decided what, when and why'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "book" -d 'Show the book and its history, take one in from a file or a broker\'s table, correct it'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "alert" -d 'List the notifiers of alerts, or try them'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "calendar" -d 'Show a year, a month or a day of the exchange: sessions, early closes, special days'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "check" -d 'Tell every problem of the workflow files at once, with file, line and column'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "completions" -d 'Print the completions of a shell, for its completion folder'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "man" -d 'Print the manual page'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "config" -d 'Show every setting, its value, and where the value came from'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "data" -d 'Report what market data is there and what is wrong with it; take in files of vendors'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "drill" -d 'Try on a simulated day what must work on the worst one: the kill'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "dry-run" -d 'Play a day beforehand: what would run, when, why not, and which deadlines are at risk'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "events" -d 'Tell a day of the journal again'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "export" -d 'Write a day of the journal as rows: NDJSON or CSV'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "runs" -d 'List the runs of the journal'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "halt" -d 'Halt trading: no new orders, working orders cancelled (HALTED)'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "health" -d 'Check the components of the state folder and of the run that is served there, for probes'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "init" -d 'Write a desk of your own to start from: settings, a workflow, a working agent'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "journal" -d 'Check the journal, or keep it small: what is whole, what was torn, what is old'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "logs" -d 'Print what an agent and its process said during an attempt'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "kill" -d 'Kill trading: no orders, no tasks, working orders cancelled (KILLED)'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "keys" -d 'List every key of the console, as it is set here, or check a file with keys'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "log-level" -d 'Change what the log of a served run holds, while it runs'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "re-enable" -d 'Loosen trading by one step; with a reason and a typed phrase'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "reduce-only" -d 'Allow only orders that reduce positions (REDUCE_ONLY)'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "replay" -d 'Play a day of the journal again, in the console or in words; nothing can be done in it'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "run" -d 'Run a day without a screen: one line, or one JSON object, per event'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "serve" -d 'Run a day as a service: without a screen, with a socket for consoles and commands'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "status" -d 'Show the status document, of the system or of a day simulated up to a time'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "watchdog" -d 'Watch a day\'s heartbeat from a process of its own, and kill when it stops'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "why" -d 'Show why a task does not run, or ended as it did'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "workflows" -d 'Write the built-in workflow files to a folder'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "pause" -d 'start no new tasks there except CRITICAL ones; running tasks finish'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "flatten" -d 'close one position, or all and set REDUCE_ONLY; works in HALTED too'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "hold" -d 'hold a waiting task until it is released'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "reject" -d 'reject an approval'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "resume" -d 'open a paused gate; never affects trading'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "release" -d 'release a held task'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "retry" -d 'start a new attempt of a failed task, or of a retrying one at once'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "retry-downstream" -d 'retry the task and the downstream tasks that ended badly because of it'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "retry-stage" -d 'retry every failed task of a stage'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "rerun" -d 'run a finished task again, as a new generation'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "approve" -d 'approve, in full or in part: --only 1,2 and --trim 2=50 name the orders'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "run-now" -d 'start a task before its window opens; all other conditions apply'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "force" -d 'start a task and waive the named conditions: window,dependency:TASK,freshness:TASK,pause,breaker,condition,hold,attempts,on-demand'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "force-stage" -d 'start the tasks of a stage and waive the named conditions'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "cancel" -d 'stop a task, or cancel it before it starts'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "skip" -d 'skip a task; its dependents stay blocked'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "skip-satisfied" -d 'skip a task; its dependents may start'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "unskip" -d 'undo a skip'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "set-priority" -d 'change the priority of a task that has not started'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "set-completed" -d 'set a task that ended badly to COMPLETED; taints downstream results'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "set-failed" -d 'set a task whose result is wrong to FAILED; taints downstream results'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "resolve" -d 'decide an effect in doubt: happened:REFERENCE, did-not-happen or gave-up'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "probe" -d 'ask the broker now about an effect in doubt'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "recover" -d 'carry out the recovery decisions and continue the run'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "recover-paused" -d 'recover with the engine paused: only CRITICAL tasks start until it is resumed'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "acknowledge" -d 'mark an alert as seen, by its number: AL-418'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "cancel-run" -d 'cancel waiting tasks, stop running ones and end the run'
complete -c bellwether -n "__fish_bellwether_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand control" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -f -a "list" -d 'List the declared agents, and start each to see whether it works; the default'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -f -a "describe" -d 'Print the description an agent gives of itself'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -f -a "call" -d 'Run one task of an agent outside of a run, and check its answer'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -f -a "check" -d 'Play the cases of the protocol against an agent\'s command, and say which it fails'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and not __fish_seen_subcommand_from list describe call check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from describe" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l data -d 'The task\'s `task_data`, as a JSON object' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l data-file -d 'File with the task\'s `task_data`' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l from -d 'Take the input of an attempt of a recorded run: its number, date or name, and the task' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l attempt -d 'Number of that attempt; without it, the last one' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l timeout -d 'Longest wait for the answer, in seconds' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from call" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l task-type -d 'Task type that is run; default: the first one the agent describes' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l data -d 'The task\'s `task_data`, as a JSON object' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the declared agents, and start each to see whether it works; the default'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from help" -f -a "describe" -d 'Print the description an agent gives of itself'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from help" -f -a "call" -d 'Run one task of an agent outside of a run, and check its answer'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from help" -f -a "check" -d 'Play the cases of the protocol against an agent\'s command, and say which it fails'
complete -c bellwether -n "__fish_bellwether_using_subcommand agents; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l plain -d 'The console in words: one line per event, and commands typed as lines'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand attach" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -f -a "verify" -d 'Tell every edit, deletion, reordering, insertion, truncation, missing or swapped file, by line'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -f -a "show" -d 'Tell every entry in a line of words, then what is wrong with the trail'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -f -a "export" -d 'Write every entry as a row; of a trail that is not sound, only what is wrong with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -f -a "rebuild" -d 'Write a run\'s trail anew of the journal\'s events; the file there was is kept beside it'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and not __fish_seen_subcommand_from verify show export rebuild help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l head -d 'The entry the trail is known to end with: its number, a colon, its hash' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l from -d 'The entry before the first of these files, when they do not begin the trail' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l json -d 'JSON: what was found'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l head -d 'The entry the trail is known to end with: its number, a colon, its hash' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l from -d 'The entry before the first of these files, when they do not begin the trail' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l order -d 'Only of this order: its id, or the beginning of it' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l task -d 'Only of this task' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l who -d 'Only what this person, policy or agent did: the name, or a part of it' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l json -d 'JSON: one array of entries'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l head -d 'The entry the trail is known to end with: its number, a colon, its hash' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l from -d 'The entry before the first of these files, when they do not begin the trail' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l order -d 'Only of this order: its id, or the beginning of it' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l task -d 'Only of this task' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l who -d 'Only what this person, policy or agent did: the name, or a part of it' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l format -d 'How rows are written' -r -f -a "ndjson\t'A JSON object per line'
csv\t'Comma-separated values with a head line; the event\'s body is JSON in the last column'"
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l json -d 'JSON: one array of entries'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from rebuild" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Tell every edit, deletion, reordering, insertion, truncation, missing or swapped file, by line'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "show" -d 'Tell every entry in a line of words, then what is wrong with the trail'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write every entry as a row; of a trail that is not sound, only what is wrong with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "rebuild" -d 'Write a run\'s trail anew of the journal\'s events; the file there was is kept beside it'
complete -c bellwether -n "__fish_bellwether_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "show" -d 'Show the book with which the next day opens, and what it rests on'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "history" -d 'List the recorded books, oldest first'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "export" -d 'Write the book as YAML, which `--book FILE` and `book import` read'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "import" -d 'Take in a book: YAML, or a broker\'s CSV of positions; the next day opens with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "adjust" -d 'Correct the book: cash, or the shares of a position; with a reason'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and not __fish_seen_subcommand_from show history export import adjust help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l account -d 'The account' -r -f -a "sim\t''
paper\t''"
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l json -d 'Print JSON'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l account -d 'The account' -r -f -a "sim\t''
paper\t''"
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l json -d 'Print one JSON object per entry'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l account -d 'The account' -r -f -a "sim\t''
paper\t''"
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l to -d 'The file; default: the standard output' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l account -d 'The account' -r -f -a "sim\t''
paper\t''"
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l cash -d 'Cash in USD of a broker\'s table that does not have it' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l as-of -d 'The day after whose close the book stood so; default: the file\'s, else the last session' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -s r -l reason -d 'Why, for the record' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l account -d 'The account' -r -f -a "sim\t''
paper\t''"
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l cash -d 'USD that come (+) or go (-)' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l symbol -d 'The position whose shares change' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l qty -d 'Shares that come (+) or go (-); no cash moves with them' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l price -d 'Cost in USD of each share that comes' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -s r -l reason -d 'Why, for the record' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from adjust" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the book with which the next day opens, and what it rests on'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "history" -d 'List the recorded books, oldest first'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the book as YAML, which `--book FILE` and `book import` read'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take in a book: YAML, or a broker\'s CSV of positions; the next day opens with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "adjust" -d 'Correct the book: cash, or the shares of a position; with a reason'
complete -c bellwether -n "__fish_bellwether_using_subcommand book; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -f -a "list" -d 'List the notifiers, what waits for them, and their last error'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -f -a "test" -d 'Send a test notification and report what came of it'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and not __fish_seen_subcommand_from list test help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l json -d 'One JSON array'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l notifier -d 'Only this notifier' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the notifiers, what waits for them, and their last error'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send a test notification and report what came of it'
complete -c bellwether -n "__fish_bellwether_using_subcommand alert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l exchange -d 'Another exchange than the configured one: XLON, XETR, XTKS, XHKG, 24/7 or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l json -d 'One JSON array with an object per day'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -a "explain" -d 'Say which rule put each task, window and limit into a day, and what differs from a normal one'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and not __fish_seen_subcommand_from explain help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Say which rule put each task, window and limit into a day, and what differs from a normal one'
complete -c bellwether -n "__fish_bellwether_using_subcommand calendar; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l json -d 'One JSON array with an object per problem'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand check" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand completions" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand man" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l json -d 'One JSON array with an object per setting'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l markdown -d 'The reference of all settings; looks at no value'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand config" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -f -a "check" -d 'Report every problem of a folder of market data, by file, row and symbol'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -f -a "status" -d 'Show each symbol and series: from when to when, and how many sessions have no bar'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -f -a "import" -d 'Check a file of a vendor and copy it, unchanged, to a folder of market data'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and not __fish_seen_subcommand_from check status import help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l json -d 'Print JSON'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l json -d 'Print JSON'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l to -d 'Folder with market data; it is created; default: the setting `data_dir`' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l symbol -d 'The symbol of a file that does not name one' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "check" -d 'Report every problem of a folder of market data, by file, row and symbol'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show each symbol and series: from when to when, and how many sessions have no bar'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "import" -d 'Check a file of a vendor and copy it, unchanged, to a folder of market data'
complete -c bellwether -n "__fish_bellwether_using_subcommand data; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -f -a "kill" -d 'The kill, out of band, while orders rest at the broker'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and not __fish_seen_subcommand_from kill help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l json -d 'As one JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from kill" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from help" -f -a "kill" -d 'The kill, out of band, while orders rest at the broker'
complete -c bellwether -n "__fish_bellwether_using_subcommand drill; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l overlay -d 'Lay this overlay besides those the day takes anyway; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l late -d 'Start at this time of day, exchange time: what was missed by then, and what each of the four choices of `--catch-up` makes of it, side by side' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l width -d 'Columns of the text, 60 to 400' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand dry-run" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l json -d 'One JSON object per event'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand events" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l format -d 'How rows are written' -r -f -a "ndjson\t'A JSON object per line'
csv\t'Comma-separated values with a head line; the event\'s body is JSON in the last column'"
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l until -d 'No further than this event, by its number: what lies behind it may be damaged' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l json -d 'One JSON array with an object per run'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand runs" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -s r -l reason -d 'Why, for the record' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand halt" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l component -d 'Check only this component' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand health" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand init" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -f -a "check" -d 'Look at every page of the database, its log, and every event of every run; change nothing'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -f -a "compact" -d 'Move the events of old runs into a file each, and pack the database'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -f -a "prune" -d 'Delete old files of the archive; that the runs were stays'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and not __fish_seen_subcommand_from check compact prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l json -d 'As one JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l older-than -d 'Of runs seen more than so many days ago; default: the settings `compact_after_days` and `keep_days`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l dry-run -d 'Tell what would be done, and do nothing'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l json -d 'As one JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from compact" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l older-than -d 'Of runs seen more than so many days ago; default: the settings `compact_after_days` and `keep_days`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l dry-run -d 'Tell what would be done, and do nothing'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l json -d 'As one JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from help" -f -a "check" -d 'Look at every page of the database, its log, and every event of every run; change nothing'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from help" -f -a "compact" -d 'Move the events of old runs into a file each, and pack the database'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Delete old files of the archive; that the runs were stays'
complete -c bellwether -n "__fish_bellwether_using_subcommand journal; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l attempt -d 'Number of the attempt; without it, the last one that has a log' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l run -d 'A run of the journal by number, date or name' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l follow -d 'Print new lines as they come, until the attempt ends'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l json -d 'JSON instead of words'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand logs" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -s r -l reason -d 'Why, for the record' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand kill" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l check -d 'Check this file instead of showing anything' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l profile -d 'Of this profile, in place of the keys file\'s own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l print -d 'As a keys file that `keys_file` takes'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l json -d 'As one JSON object; with --check, an array of the problems'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l markdown -d 'As the page of Markdown in the documents'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand keys" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand log-level" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -s r -l reason -d 'Why orders may be sent again' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l confirm -d 'The phrase that `bellwether re-enable` asks for' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand re-enable" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -s r -l reason -d 'Why, for the record' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand reduce-only" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l from -d 'Begin at this time of the day, exchange time: what was before is shown as done' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l plain -d 'In words, one line per event; also where there is no terminal'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand replay" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l overlay -d 'Lay this overlay over the day besides those that apply; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l report -d 'Write the day\'s report here, as Markdown' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l json -d 'One JSON object per event and a summary object at the end'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -s v -l verbose -d 'Also the rounds of monitoring loops, queueing and progress'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand run" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l overlay -d 'Lay this overlay over the day besides those that apply; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l report -d 'Write the day\'s report here, as Markdown' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l tcp -d 'Serve at a port of this machine besides; needs the token in the state folder' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l http -d 'Serve probes, health, status and metrics over HTTP at a port of this machine' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l json -d 'One JSON object per event and a summary object at the end'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -s v -l verbose -d 'Also the rounds of monitoring loops, queueing and progress'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand serve" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l at -d 'Simulate the day up to this time, exchange time, and show the status there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l json -d 'The document as JSON'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand status" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l after -d 'How old the heartbeat may become' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l once -d 'Look once and end'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand watchdog" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l run -d 'A run of the journal by number, date or name; without it, the served day, else the last run' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l json -d 'One JSON object'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand why" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -f -a "export" -d 'Write the built-in workflow files, the trading day and its overlays'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and not __fish_seen_subcommand_from export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the built-in workflow files, the trading day and its overlays'
complete -c bellwether -n "__fish_bellwether_using_subcommand workflows; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand pause" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand flatten" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand hold" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand reject" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand resume" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand release" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-downstream" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand retry-stage" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand rerun" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l only -d 'Approve only the orders with these numbers, and none of the others' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l trim -d 'Approve 50 shares of order 2, fewer than planned; several with commas' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l reason -d 'Why; the same as words after the task' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand approve" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand run-now" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand force" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand force-stage" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand skip-satisfied" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand unskip" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-priority" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-completed" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand set-failed" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand resolve" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand probe" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand recover-paused" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand acknowledge" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l phrase -d 'The phrase of a grave act, where nobody is asked' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l tcp -d 'Over TCP instead of the socket of the state folder, with the token there' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l config -d 'Read this configuration file instead of ./bellwether.yaml' -r -F
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l set -d 'Give one setting a value, as in `--set max_retries=5`; may be repeated' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l date -d 'Trading date, as 2018-12-19; or `today`, which runs in PAPER on the real clock' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l start -d 'Time of day at which the virtual clock starts, exchange time, as 10:45' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l catch-up -d 'Tasks missed by a late start that run after all: `ask`, `minimal`, `full`, `none` or `observe`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l speed -d 'Seconds of the virtual clock in one real second, or `max`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l scenario -d 'What is to go wrong on purpose: `demo`, `none` or a file' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l book -d 'Book to open the day with: a file, or `carry` for that of the evening before' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l recover -d 'Recovery of an unfinished run: `ask`, `auto`, `paused` or `never`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l data -d 'Folder with recorded market data; default: the sessions inside the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l workflow -d 'Workflow file to run, or a folder of workflow files; default: the trading day in the program' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l agents -d 'File that declares agents of your own' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l theme -d 'Colours: `default`, `light`, `high-contrast` or `mono`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l color -d 'How many colours: `auto`, `never`, `16`, `256` or `true`' -r
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -s y -l yes -d 'Do not ask: it is agreed to as it is'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l take-over -d 'Be armed in the place of whoever is'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l live-guards -d 'Guard a simulated run as a LIVE one: arming, reasons, typed phrases'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l read-only -d 'View only: no command exists, not even the brakes'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l ascii -d 'Draw with ASCII characters alone'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -l no-color -d 'The same as `--color never`'
complete -c bellwether -n "__fish_bellwether_using_subcommand cancel-run" -s h -l help -d 'Print help'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "control" -d 'Send a command to a served run: retry, hold, approve, pause, …; `control help` lists all'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "agents" -d 'List the agents of your own, see whether they work, and try one outside of a run'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "attach" -d 'Open the console on a day that is served'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "audit" -d 'Verify, show or export the audit trail: who did or decided what, when and why'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "book" -d 'Show the book and its history, take one in from a file or a broker\'s table, correct it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "alert" -d 'List the notifiers of alerts, or try them'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "calendar" -d 'Show a year, a month or a day of the exchange: sessions, early closes, special days'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "check" -d 'Tell every problem of the workflow files at once, with file, line and column'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "completions" -d 'Print the completions of a shell, for its completion folder'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "man" -d 'Print the manual page'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "config" -d 'Show every setting, its value, and where the value came from'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "data" -d 'Report what market data is there and what is wrong with it; take in files of vendors'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "drill" -d 'Try on a simulated day what must work on the worst one: the kill'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "dry-run" -d 'Play a day beforehand: what would run, when, why not, and which deadlines are at risk'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "events" -d 'Tell a day of the journal again'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "export" -d 'Write a day of the journal as rows: NDJSON or CSV'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "runs" -d 'List the runs of the journal'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "halt" -d 'Halt trading: no new orders, working orders cancelled (HALTED)'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "health" -d 'Check the components of the state folder and of the run that is served there, for probes'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "init" -d 'Write a desk of your own to start from: settings, a workflow, a working agent'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "journal" -d 'Check the journal, or keep it small: what is whole, what was torn, what is old'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "logs" -d 'Print what an agent and its process said during an attempt'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "kill" -d 'Kill trading: no orders, no tasks, working orders cancelled (KILLED)'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "keys" -d 'List every key of the console, as it is set here, or check a file with keys'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "log-level" -d 'Change what the log of a served run holds, while it runs'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "re-enable" -d 'Loosen trading by one step; with a reason and a typed phrase'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "reduce-only" -d 'Allow only orders that reduce positions (REDUCE_ONLY)'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "replay" -d 'Play a day of the journal again, in the console or in words; nothing can be done in it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "run" -d 'Run a day without a screen: one line, or one JSON object, per event'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "serve" -d 'Run a day as a service: without a screen, with a socket for consoles and commands'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "status" -d 'Show the status document, of the system or of a day simulated up to a time'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "watchdog" -d 'Watch a day\'s heartbeat from a process of its own, and kill when it stops'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "why" -d 'Show why a task does not run, or ended as it did'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "workflows" -d 'Write the built-in workflow files to a folder'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "pause" -d 'start no new tasks there except CRITICAL ones; running tasks finish'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "flatten" -d 'close one position, or all and set REDUCE_ONLY; works in HALTED too'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "hold" -d 'hold a waiting task until it is released'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "reject" -d 'reject an approval'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "resume" -d 'open a paused gate; never affects trading'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "release" -d 'release a held task'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "retry" -d 'start a new attempt of a failed task, or of a retrying one at once'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "retry-downstream" -d 'retry the task and the downstream tasks that ended badly because of it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "retry-stage" -d 'retry every failed task of a stage'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "rerun" -d 'run a finished task again, as a new generation'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "approve" -d 'approve, in full or in part: --only 1,2 and --trim 2=50 name the orders'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "run-now" -d 'start a task before its window opens; all other conditions apply'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "force" -d 'start a task and waive the named conditions: window,dependency:TASK,freshness:TASK,pause,breaker,condition,hold,attempts,on-demand'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "force-stage" -d 'start the tasks of a stage and waive the named conditions'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "cancel" -d 'stop a task, or cancel it before it starts'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "skip" -d 'skip a task; its dependents stay blocked'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "skip-satisfied" -d 'skip a task; its dependents may start'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "unskip" -d 'undo a skip'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "set-priority" -d 'change the priority of a task that has not started'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "set-completed" -d 'set a task that ended badly to COMPLETED; taints downstream results'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "set-failed" -d 'set a task whose result is wrong to FAILED; taints downstream results'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "resolve" -d 'decide an effect in doubt: happened:REFERENCE, did-not-happen or gave-up'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "probe" -d 'ask the broker now about an effect in doubt'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "recover" -d 'carry out the recovery decisions and continue the run'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "recover-paused" -d 'recover with the engine paused: only CRITICAL tasks start until it is resumed'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "acknowledge" -d 'mark an alert as seen, by its number: AL-418'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "cancel-run" -d 'cancel waiting tasks, stop running ones and end the run'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and not __fish_seen_subcommand_from control agents attach audit book alert calendar check completions man config data drill dry-run events export runs halt health init journal logs kill keys log-level re-enable reduce-only replay run serve status watchdog why workflows pause flatten hold reject resume release retry retry-downstream retry-stage rerun approve run-now force force-stage cancel skip skip-satisfied unskip set-priority set-completed set-failed resolve probe recover recover-paused acknowledge cancel-run help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from agents" -f -a "list" -d 'List the declared agents, and start each to see whether it works; the default'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from agents" -f -a "describe" -d 'Print the description an agent gives of itself'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from agents" -f -a "call" -d 'Run one task of an agent outside of a run, and check its answer'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from agents" -f -a "check" -d 'Play the cases of the protocol against an agent\'s command, and say which it fails'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Tell every edit, deletion, reordering, insertion, truncation, missing or swapped file, by line'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "show" -d 'Tell every entry in a line of words, then what is wrong with the trail'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Write every entry as a row; of a trail that is not sound, only what is wrong with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "rebuild" -d 'Write a run\'s trail anew of the journal\'s events; the file there was is kept beside it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from book" -f -a "show" -d 'Show the book with which the next day opens, and what it rests on'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from book" -f -a "history" -d 'List the recorded books, oldest first'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from book" -f -a "export" -d 'Write the book as YAML, which `--book FILE` and `book import` read'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from book" -f -a "import" -d 'Take in a book: YAML, or a broker\'s CSV of positions; the next day opens with it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from book" -f -a "adjust" -d 'Correct the book: cash, or the shares of a position; with a reason'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "list" -d 'List the notifiers, what waits for them, and their last error'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from alert" -f -a "test" -d 'Send a test notification and report what came of it'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from calendar" -f -a "explain" -d 'Say which rule put each task, window and limit into a day, and what differs from a normal one'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from data" -f -a "check" -d 'Report every problem of a folder of market data, by file, row and symbol'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from data" -f -a "status" -d 'Show each symbol and series: from when to when, and how many sessions have no bar'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from data" -f -a "import" -d 'Check a file of a vendor and copy it, unchanged, to a folder of market data'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from drill" -f -a "kill" -d 'The kill, out of band, while orders rest at the broker'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from journal" -f -a "check" -d 'Look at every page of the database, its log, and every event of every run; change nothing'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from journal" -f -a "compact" -d 'Move the events of old runs into a file each, and pack the database'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from journal" -f -a "prune" -d 'Delete old files of the archive; that the runs were stays'
complete -c bellwether -n "__fish_bellwether_using_subcommand help; and __fish_seen_subcommand_from workflows" -f -a "export" -d 'Write the built-in workflow files, the trading day and its overlays'
