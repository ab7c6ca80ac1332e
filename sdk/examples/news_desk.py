"""An ordinary class: nothing in it knows bellwether. The Python host runs it as an agent."""

import asyncio


class NewsDesk:
    async def execute_score_news(self, task_data):
        symbols = task_data.get("symbols", [])
        await asyncio.sleep(0.01)  # where a news service would be asked
        return {"scores": {symbol: len(symbol) / 10 for symbol in symbols}}

    def execute_count_words(self, task_data):
        text = task_data.get("text", "")
        print("a line for the log, not for the protocol")
        return {"words": len(text.split())}
