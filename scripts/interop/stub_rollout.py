"""Rolls out exit_lab_tasks with a stub model that answers over HTTP, and prints what came of it.

    python stub_rollout.py TRL_EXPORT_OF_A_RUN_ON_LOCKS

The stub sets all dials to 0, then turns each that is told wrong: a policy that revises. Then it is asked from
the starts of the exported run, chosen as in ExIt, with groups of two.
"""

import asyncio
import itertools
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import exit_lab_tasks as ours
import verifiers.v1 as vf

TASKS = 3
DRAWS = 6
GROUP = 2
REVISIONS = 4


def answer(messages):
    """Of the whole conversation, so that the stub keeps nothing."""
    texts = [m["content"] if isinstance(m["content"], str) else m["content"][0]["text"] for m in messages]
    dials = int(re.search(r"lock with (\d+) dials", texts[0]).group(1))
    values = int(re.search(r"from 0 to (\d+)", texts[0]).group(1)) + 1
    setting = [0] * dials
    for text in texts[1:]:
        for dial, mark in re.findall(r"[Dd]ial (\d+) is (right|wrong)", text):
            at = int(dial) - 1
            setting[at] = (setting[at] + (mark == "wrong")) % values
    return "I set it to **" + " ".join(map(str, setting)) + "**."


class Stub(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = {"role": "assistant", "content": answer(asked["messages"])}
        # The whole answer is the stream's only piece.
        streams = asked.get("stream", False)
        choice = {"index": 0, "delta" if streams else "message": message}
        reply = {
            "id": "stub",
            "object": "chat.completion.chunk" if streams else "chat.completion",
            "created": 0,
            "model": asked["model"],
            "choices": [{**choice, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        text = json.dumps(reply)
        body = f"data: {text}\n\ndata: [DONE]\n\n" if streams else text
        self.send_response(200)
        kind = "text/event-stream" if streams else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def environment(revisions, **taskset):
    config = ours.ExitLabEnvConfig(
        taskset=ours.ExitLabConfig(id="exit-lab-tasks", domain="locks", **taskset),
        agent=vf.AgentConfig(harness={"id": "null"}, runtime={"type": "subprocess"}),
        revisions=revisions,
    )
    return ours.ExitLabEnv(config)


def model(url):
    return vf.ModelContext(model="stub", client=vf.EvalClientConfig(base_url=url, api_key_var="STUB_KEY"))


async def rollouts(url):
    """Episodes of as many held-out locks, one after the other."""
    env = environment(REVISIONS, count=TASKS, split="test")
    async with env.serving():
        return [await env.run_episode(task, model(url)) for task in env.taskset]


async def chosen(url, folder):
    """Draws, each with a group of episodes: the names of their tasks, and the groups by the log of rewards."""
    env = environment(0, starts=folder, group_size=GROUP)
    names, episodes = [], []
    async with env.serving():
        for task in itertools.islice(iter(env.taskset), DRAWS):
            names.append(task.data.name)
            episodes += [await env.run_episode(task, model(url)) for _ in range(GROUP)]
    return names, episodes, ours.RewardLog(f"{folder}/rewards.jsonl", GROUP).groups()


server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
episodes = asyncio.run(rollouts(url))
names, groups_of_episodes, groups = asyncio.run(chosen(url, sys.argv[1]))
for episode in episodes + groups_of_episodes:
    failed = episode.errors or [one.last_error for one in episode.traces if one.last_error]
    if failed:
        sys.exit(f"an episode failed: {failed[0].type}: {failed[0].message}")
metrics = [episode.traces[0].metrics for episode in episodes]
rewards = [episode.traces[0].rewards["quality"].score for episode in episodes]
if len(episodes) != TASKS:
    sys.exit(f"{len(episodes)} episodes, expected {TASKS}")
# A dial has few numbers, so that turning what is told wrong opens any lock in time.
if rewards != [1.0] * TASKS or any(one["solved"] != 1 for one in metrics):
    sys.exit(f"rewards are {rewards}, expected 1 of each: {metrics}")
drawn = [int(re.search(r"start-(\d+)-draw", name).group(1)) for name in names]
if [index for index, _ in groups] != drawn or any(len(rewards) != GROUP for _, rewards in groups):
    sys.exit(f"the log has groups {groups}, expected one of each draw of {drawn}")
mean = lambda name: sum(one[name] for one in metrics) / TASKS
print(
    f"{TASKS} episodes of verifiers {version('verifiers')}: a stub that reads its marks goes from "
    f"{mean('first_quality'):.2f} to {mean('best_quality'):.2f} in {mean('attempts'):.1f} attempts; "
    f"{DRAWS} starts chosen of an exported run, each scored by the rewards of its group"
)
