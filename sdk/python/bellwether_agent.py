"""Runs ordinary Python classes as agents of bellwether.

    python3 bellwether_agent.py my_agents:JuniorAnalyst
    python3 bellwether_agent.py agents/my_agents.py:AGENTS

The part after the colon names a class, an object, or a dict of either. A class is created without
arguments. Its task types are its methods `execute_<task_type>(task_data)`; a class that has only
`analyze(task_data)` takes every task type that is declared for it. Methods may be `async` or not.

Speaks bellwether-agent/1: JSON-RPC 2.0, one object per line, UTF-8, on standard input and output.
`print` goes to standard error, so it cannot disturb the protocol. Python 3.9 or later, standard
library only.
"""

import asyncio
import contextvars
import importlib
import importlib.util
import inspect
import json
import os
import sys
import traceback

PROTOCOL = "bellwether-agent/1"
LINE_MAX = 4 << 20

_attempt = contextvars.ContextVar("attempt", default=None)


class Abstain(Exception):
    """Raised by an agent that declines to judge; its text is the reason."""


class RateLimited(Exception):
    """Raised when a service asks to wait; `retry_after` is in seconds."""

    def __init__(self, message, retry_after=None):
        super().__init__(message)
        self.retry_after = retry_after


class BudgetExceeded(Exception):
    """Raised when the attempt's budget does not allow the work."""


def progress(percent, message=""):
    """Shows how far the current attempt has come, in percent."""
    _notify("task/progress", {"percent": percent, "message": message})


def log(message, level="info", **fields):
    """Adds a line to the log of the current attempt."""
    _notify("task/log", {"level": level, "message": message, "fields": fields})


def usage(tokens_in=0, tokens_out=0, usd=0.0):
    """Adds to what the current attempt has used of a model."""
    _notify("task/usage", {"tokens_in": tokens_in, "tokens_out": tokens_out, "usd": usd})


def request():
    """Returns the whole request of the current attempt: run, deadline, upstream results and so on."""
    attempt = _attempt.get()
    return attempt["params"] if attempt else {}


class _Wire:
    def __init__(self):
        # The protocol keeps the real standard output; `print` is sent to standard error.
        self.out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def send(self, message):
        line = json.dumps(message, allow_nan=False, default=_plain).encode() + b"\n"
        if len(line) > LINE_MAX:
            raise ValueError(f"the message has {len(line)} bytes; at most {LINE_MAX} are allowed")
        view = memoryview(line)
        while view:
            view = view[self.out.write(view):]


_wire = None


def _plain(value):
    """Turns what json does not know into something it does: numpy scalars, dates, sets, dataclasses."""
    if hasattr(value, "item") and callable(value.item):
        return value.item()
    if hasattr(value, "tolist") and callable(value.tolist):
        return value.tolist()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)


def _notify(method, params):
    attempt = _attempt.get()
    if attempt is not None and _wire is not None:
        params = {"id": attempt["id"], **params}
        _wire.send({"jsonrpc": "2.0", "method": method, "params": params})


def _load(spec):
    module_name, _, attribute = spec.partition(":")
    if not module_name or not attribute:
        raise SystemExit(f"write MODULE:CLASS or FILE.py:CLASS instead of {spec!r}")
    sys.path.insert(0, os.getcwd())
    # The agent's module may `import bellwether_agent` for progress, log and usage.
    sys.modules.setdefault("bellwether_agent", sys.modules[__name__])
    if module_name.endswith(".py"):
        path = os.path.abspath(module_name)
        sys.path.insert(0, os.path.dirname(path))
        name = os.path.splitext(os.path.basename(path))[0]
        found = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(found)
        sys.modules[name] = module
        found.loader.exec_module(module)
    else:
        module = importlib.import_module(module_name)
    return getattr(module, attribute)


def _instances(thing):
    if isinstance(thing, dict):
        return [_instance(value) for value in thing.values()]
    return [_instance(thing)]


def _instance(thing):
    return thing() if inspect.isclass(thing) else thing


def _methods(instances):
    methods, fallback = {}, None
    for agent in instances:
        for name in dir(agent):
            if name.startswith("execute_") and callable(getattr(agent, name)):
                methods[name[len("execute_"):]] = getattr(agent, name)
        fallback = fallback or getattr(agent, "analyze", None)
    return methods, fallback


def _error(identifier, code, message, **data):
    error = {"code": code, "message": message}
    if data:
        error["data"] = data
    return {"jsonrpc": "2.0", "id": identifier, "error": error}


class _Host:
    def __init__(self, methods, fallback):
        self.methods, self.fallback, self.live = methods, fallback, {}

    def answer(self, identifier, method, params):
        if method == "agent/describe":
            result = {
                "protocol": PROTOCOL,
                "task_types": sorted(self.methods),
                "any_task_type": self.fallback is not None,
                "capabilities": {"progress": True, "cancel": True, "concurrency": 8},
            }
            _wire.send({"jsonrpc": "2.0", "id": identifier, "result": result})
        elif method == "agent/ping":
            _wire.send({"jsonrpc": "2.0", "id": identifier, "result": {}})
        elif method == "task/run":
            task = asyncio.create_task(self.run(identifier, params))
            self.live[identifier] = task
            # Also tells of a task that was cancelled before its first step.
            task.add_done_callback(lambda task: self.finished(identifier, task))
        elif method == "task/cancel":
            task = self.live.get(params.get("id"))
            if task is not None:
                task.cancel()
        elif identifier is not None:
            _wire.send(_error(identifier, -32601, f"there is no method {method}"))

    async def run(self, identifier, params):
        _attempt.set({"id": identifier, "params": params})
        try:
            reply = await self.perform(params)
            try:
                _wire.send({"jsonrpc": "2.0", "id": identifier, "result": reply})
            except (ValueError, TypeError) as error:
                text = f"the result cannot be sent: {error}"
                _wire.send(_error(identifier, -32603, text))
        except Abstain as error:
            _wire.send(_error(identifier, -32010, str(error) or "abstained"))
        except RateLimited as error:
            _wire.send(_error(identifier, -32001, str(error), retry_after_s=error.retry_after))
        except BudgetExceeded as error:
            _wire.send(_error(identifier, -32011, str(error)))
        except NotImplementedError as error:
            _wire.send(_error(identifier, -32601, str(error) or "not implemented"))
        except Exception as error:
            traceback.print_exc()
            text = f"{type(error).__name__}: {error}"
            _wire.send(_error(identifier, -32000, text, retryable=True))

    def finished(self, identifier, task):
        self.live.pop(identifier, None)
        if task.cancelled():
            _wire.send(_error(identifier, -32800, "cancelled"))

    async def perform(self, params):
        task_type = params.get("task_type", "")
        method = self.methods.get(task_type, self.fallback)
        if method is None:
            known = ", ".join(sorted(self.methods)) or "none"
            raise NotImplementedError(f"no method execute_{task_type}; there are: {known}")
        data = dict(params.get("params") or {})
        if inspect.iscoroutinefunction(method):
            return await method(data)
        context = contextvars.copy_context()
        reply = await asyncio.get_running_loop().run_in_executor(None, context.run, method, data)
        return await reply if inspect.isawaitable(reply) else reply

    async def serve(self):
        reader = asyncio.StreamReader(limit=LINE_MAX + 2)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while True:
            line = await reader.readline()
            if not line:
                # The program has ended. A method that still works in a thread must not keep this one.
                sys.stderr.flush()
                os._exit(0)
            try:
                message = json.loads(line)
                method = message["method"]
            except (ValueError, KeyError, TypeError):
                print(f"not a request: {line[:200]!r}", file=sys.stderr)
                continue
            self.answer(message.get("id"), method, message.get("params") or {})


def main(arguments):
    global _wire
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__, file=sys.stderr)
        return 2
    _wire = _Wire()
    methods, fallback = _methods(_instances(_load(arguments[0])))
    if not methods and fallback is None:
        print(f"{arguments[0]} has no method execute_<task_type> and no analyze", file=sys.stderr)
        return 2
    asyncio.run(_Host(methods, fallback).serve())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
