"""A server of the Model Context Protocol for tests; its first argument is what it does wrong."""

import json
import sys
import time

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
SCHEMA = {"type": "object", "required": ["bars"]}
TOOLS = [
    {"name": "bars", "description": "bars of a symbol", "inputSchema": {}, "outputSchema": SCHEMA},
    {"name": "buy", "description": "buys", "inputSchema": {}},
]


def send(message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def call(identity, params):
    if FAULT == "garbage":
        print('{"id": %d, "result": NaN}' % identity, flush=True)
    elif FAULT == "dies":
        sys.exit("no licence")
    elif FAULT == "hangs":
        time.sleep(60)
    elif FAULT == "schema":
        send({"id": identity, "result": {"structuredContent": {"rows": []}}})
    elif FAULT == "fails":
        content = [{"type": "text", "text": "no such symbol"}]
        send({"id": identity, "result": {"isError": True, "content": content}})
    elif FAULT == "changes":
        send({"method": "notifications/tools/list_changed"})
    else:
        if FAULT == "asks":
            send({"id": "s1", "method": "sampling/createMessage", "params": {}})
            refused = json.loads(sys.stdin.readline())
            print(json.dumps(refused["error"]), file=sys.stderr, flush=True)
        token = params["_meta"]["progressToken"]
        progress = {"progressToken": token, "progress": 1, "total": 4, "message": "reading"}
        send({"method": "notifications/progress", "params": progress})
        bars = {"of": params["arguments"], "tool": params["name"]}
        send({"id": identity, "result": {"content": [], "structuredContent": {"bars": bars}}})


for line in sys.stdin:
    message = json.loads(line)
    method, identity = message.get("method"), message.get("id")
    if method == "initialize":
        revision = "1999-01-01" if FAULT == "old" else message["params"]["protocolVersion"]
        info = {"name": "test", "version": "1.2"}
        send({"id": identity, "result": {"protocolVersion": revision, "serverInfo": info}})
    elif method == "tools/list":
        page = message["params"].get("cursor")
        answer = {"tools": TOOLS[1:]} if page else {"tools": TOOLS[:1], "nextCursor": "2"}
        send({"id": identity, "result": answer})
    elif method == "ping":
        send({"id": identity, "result": {}})
    elif method == "tools/call":
        call(identity, message["params"])
