#!/bin/sh
# An agent in the shell: one task type, `echo`, which gives its task_data back. Needs jq.
# stdin: one JSON request per line; stdout: one JSON answer per line.
answer() { printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$1" "$2"; }

while IFS= read -r line; do
    id=$(printf '%s' "$line" | jq -c '.id // empty' 2>/dev/null) || continue
    method=$(printf '%s' "$line" | jq -r '.method // empty' 2>/dev/null) || continue
    [ -n "$id" ] || continue # a notification, such as task/cancel: every task here is done at once
    case $method in
    agent/describe)
        answer "$id" '"result":{"protocol":"bellwether-agent/1","version":"1.0","task_types":[{"name":"echo","effect":"pure"}]}'
        ;;
    agent/ping)
        answer "$id" '"result":{}'
        ;;
    task/run)
        if [ "$(printf '%s' "$line" | jq -r '.params.task_type // empty')" = echo ]; then
            answer "$id" "\"result\":{\"echo\":$(printf '%s' "$line" | jq -c '.params.params // {}')}"
        else
            answer "$id" '"error":{"code":-32601,"message":"this agent only does echo"}'
        fi
        ;;
    *)
        answer "$id" '"error":{"code":-32601,"message":"no such method"}'
        ;;
    esac
done
