"""An agent of your own: an ordinary class. Each method execute_<task_type> does one task type."""

import asyncio

import bellwether_agent  # progress, log, usage, Abstain; the class works without it, too


class NewsDesk:
    async def execute_score_news(self, task_data):
        scores = {}
        for place, symbol in enumerate(task_data["symbols"], start=1):
            await asyncio.sleep(0.05)  # here a news service would be asked
            scores[symbol] = round(len(symbol) / 10, 2)
            bellwether_agent.progress(100 * place / len(task_data["symbols"]), symbol)
        return {"summary": f"{len(scores)} names scored", "scores": scores}

    def execute_write_note(self, task_data):
        upstream = bellwether_agent.request().get("upstream", {})
        scores = upstream.get("score_news", {}).get("data", {}).get("scores", {})
        if not scores:
            raise bellwether_agent.Abstain("there are no scores to write about")
        best = max(scores, key=scores.get)
        print("a line for the log")
        return {"summary": f"{best} has the best news", "best": best}
