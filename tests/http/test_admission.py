"""Places of requests: classes, fairness between clients, whole bodies and whole responses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

import pytest

from app.http import admission
from app.http.admission import BODY_LIMIT_BYTES, URL_LIMIT_BYTES, AdmissionControl
from app.http.client import TrustedProxies
from app.http.work_classes import Work, work_classes, work_of
from app.http.work_queue import ClientLeftError, NoPlaceError, WorkClass, WorkQueue
from app.settings import Settings

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

ROUNDS = 20  # of the event loop, until every task that can go on has gone on


async def settle() -> None:
    for _ in range(ROUNDS):
        await asyncio.sleep(0)


class Queue:
    """A queue whose holders of places stay until they are told to leave."""

    def __init__(self, **numbers: Any) -> None:
        numbers = {"places": 2, "queue": 4, "wait_seconds": 60.0} | numbers
        self.queue = WorkQueue(WorkClass("test", **numbers))
        self.entered: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}

    def enter(self, name: str, left: asyncio.Future[None] | None = None) -> asyncio.Task[None]:
        """Asks for a place; the client is the first letter of the name."""
        leave = self._leave[name] = asyncio.Event()

        async def hold() -> None:
            async with self.queue.place(name[0], left or asyncio.get_running_loop().create_future()):
                self.entered.append(name)
                await leave.wait()

        return asyncio.create_task(hold())

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await settle()


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


def test_one_client_leaves_a_place_for_others() -> None:
    async def test() -> None:
        queue = Queue(places=3)
        tasks = [queue.enter(name) for name in ("a1", "a2", "a3", "b1")]
        await settle()
        assert queue.entered == ["a1", "a2", "b1"]
        for name in ("a1", "a2", "b1", "a3"):
            await queue.leave(name)
        await asyncio.gather(*tasks)
        assert queue.queue.waiting == 0

    run(test())


def test_clients_that_wait_get_places_in_turn() -> None:
    async def test() -> None:
        queue = Queue(places=1, queue=12)
        tasks = [queue.enter(name) for name in ("x0", "a1", "a2", "a3", "b1", "c1", "b2")]
        await settle()
        for name in ("x0", "a1", "b1", "c1", "a2", "b2", "a3"):
            await queue.leave(name)
        await asyncio.gather(*tasks)
        assert queue.entered == ["x0", "a1", "b1", "c1", "a2", "b2", "a3"]

    run(test())


@pytest.mark.parametrize(("waiting", "rested"), [(1, False), (2, True)])
def test_place_rests_while_more_than_a_quarter_of_the_queue_is_taken(waiting: int, rested: bool) -> None:
    async def test() -> None:
        queue = Queue(places=1, queue=4, rest=1e12, longest_rest_seconds=1e9)
        tasks = [queue.enter(name) for name in ("x0", "a1", "b1")[: waiting + 1]]
        await settle()
        await queue.leave("x0")
        assert queue.entered == (["x0"] if rested else ["x0", "a1"])
        for task in tasks:
            task.cancel()

    run(test())


def test_place_is_given_after_its_rest() -> None:
    async def test() -> None:
        queue = Queue(places=1, queue=4, rest=1.0)
        tasks = [queue.enter(name) for name in ("x0", "a1", "b1")]
        await settle()
        for name in ("x0", "a1", "b1"):
            await queue.leave(name)
        await asyncio.gather(*tasks)
        assert queue.entered == ["x0", "a1", "b1"]

    run(test())


def test_full_queue_takes_a_turn_from_the_client_with_the_most() -> None:
    async def test() -> None:
        queue = Queue(places=1, queue=4)
        names = ("x0", "a1", "a2", "a3", "a4", "a5", "b1", "c1", "c2", "d1")
        tasks = {name: queue.enter(name) for name in names}
        await settle()
        refused = [name for name, task in tasks.items() if task.done()]
        # a5: the queue is full. b1, c1 and d1 take the last turns of a. c2: nobody has more.
        assert refused == ["a2", "a3", "a4", "a5", "c2"]
        assert all(isinstance(tasks[name].exception(), NoPlaceError) for name in refused)
        for name in ("x0", "a1", "b1", "c1", "d1"):
            await queue.leave(name)
        assert queue.entered == ["x0", "a1", "b1", "c1", "d1"]
        assert queue.queue.waiting == 0
        await asyncio.gather(*tasks.values(), return_exceptions=True)

    run(test())


def test_request_that_waits_too_long_or_whose_client_leaves_gives_up_its_turn() -> None:
    async def test() -> None:
        queue = Queue(places=1, wait_seconds=0.05)
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        held, late, gone, cancelled = queue.enter("x0"), queue.enter("a1"), queue.enter("b1", left), queue.enter("c1")
        await settle()
        left.set_result(None)
        cancelled.cancel()
        results = await asyncio.gather(late, gone, cancelled, return_exceptions=True)
        assert [type(one) for one in results] == [NoPlaceError, ClientLeftError, asyncio.CancelledError]
        assert queue.queue.waiting == 0
        await queue.leave("x0")
        await held
        task = queue.enter("d1")
        await settle()
        assert queue.entered == ["x0", "d1"]
        await queue.leave("d1")
        await task

    run(test())


class Server:
    """`AdmissionControl` in front of an application that waits until it is released."""

    def __init__(self, *, proxies: tuple[str, ...] = (), places: int = 2, queue: int = 2, status: int = 200) -> None:
        classes = {work: WorkClass(work.value, places, queue, 60.0) for work in Work}
        self.control = AdmissionControl(self._application, classes=classes, proxies=TrustedProxies(proxies))
        self.release = asyncio.Event()
        self._status = status
        self.bodies: list[bytes] = []
        self.active = 0

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.active += 1
        try:
            self.bodies.append((await receive())["body"])
            await self.release.wait()
            await send({"type": "http.response.start", "status": self._status, "headers": []})
            await send({"type": "http.response.body", "body": b"made"})
        finally:
            self.active -= 1

    def request(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        client: str = "203.0.113.7",
        headers: tuple[tuple[bytes, bytes], ...] = (),
        receive: Receive | None = None,
        sent: Callable[[], Awaitable[None]] | None = None,
    ) -> asyncio.Task[list[Message]]:
        """Makes a request; the task returns the messages of the response."""
        path, _, query = path.partition("?")
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [*headers],
            "client": (client, 1234),
        }
        parts: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive_once() -> Message:
            if parts:
                return parts.pop()
            await asyncio.get_running_loop().create_future()
            raise AssertionError

        async def exchange() -> list[Message]:
            messages: list[Message] = []

            async def send(message: Message) -> None:
                messages.append(dict(message))
                if sent is not None:
                    await sent()

            await self.control(scope, receive or receive_once, send)
            return messages

        return asyncio.create_task(exchange())


def status(task: asyncio.Task[list[Message]]) -> int | None:
    return task.result()[0]["status"] if task.done() and task.result() else None


def test_flood_of_one_class_leaves_others_free() -> None:
    async def test() -> None:
        server = Server()
        clients = [f"203.0.113.{number}" for number in range(9)]
        flood = [server.request("/api/collections/events/items?q=x", client=one) for one in clients]
        await settle()
        assert sorted(map(str, map(status, flood))) == ["503"] * 5 + ["None"] * 4
        busy = next(task.result()[0] for task in flood if task.done())
        assert (b"retry-after", b"1") in busy["headers"]
        others = [server.request("/"), server.request("/livez"), server.request("/readyz")]
        server.release.set()
        await asyncio.gather(*flood, *others)
        assert [status(one) for one in others] == [200, 200, 200]

    run(test())


def test_incomplete_body_holds_no_place() -> None:
    async def test() -> None:
        server = Server()
        never = asyncio.get_running_loop().create_future

        async def half() -> Message:
            await never()
            raise AssertionError

        slow = [server.request("/api/submissions", method="POST", receive=half) for _ in range(100)]
        await settle()
        server.release.set()
        assert (await server.request("/api/submissions", method="POST"))[0]["status"] == 200
        assert server.bodies == [b""]
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    run(test())


def test_body_arrives_whole_and_bounded() -> None:
    async def send_body(server: Server, *parts: bytes, declared: bytes | None = None) -> int | None:
        messages: list[Message] = [
            {"type": "http.request", "body": part, "more_body": number < len(parts)}
            for number, part in enumerate(parts, 1)
        ]

        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            await asyncio.get_running_loop().create_future()
            raise AssertionError

        headers = () if declared is None else ((b"content-length", declared),)
        task = server.request("/api/submissions", method="POST", receive=receive, headers=headers)
        await task
        return status(task)

    async def test() -> None:
        server = Server()
        server.release.set()
        assert await send_body(server, b"ab", b"cd", b"") == 200
        most = b"x" * BODY_LIMIT_BYTES
        assert await send_body(server, most) == 200
        assert await send_body(server, most, b"x", b"never read") == 413
        assert await send_body(server, b"x", declared=b"%d" % (BODY_LIMIT_BYTES + 1)) == 413
        assert server.bodies == [b"abcd", most]

    run(test())


def test_response_that_is_not_read_holds_no_place() -> None:
    async def test() -> None:
        server = Server(places=1)
        server.release.set()
        reads = asyncio.Event()

        async def stalls() -> None:
            await reads.wait()

        slow = [server.request(sent=stalls) for _ in range(100)]
        await settle()
        assert (await server.request())[0]["status"] == 200
        reads.set()
        await asyncio.gather(*slow)
        assert {status(task) for task in slow} >= {200}

    run(test())


def test_client_that_sent_too_much_waits_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        server = Server(places=1, queue=1, status=429)
        server.release.set()
        paused = [server.request() for _ in range(10)]
        await settle()
        assert (server.active, len(server.bodies)) == (0, 10)
        assert not any(task.done() for task in paused)
        for task in paused:
            task.cancel()
        await asyncio.gather(*paused, return_exceptions=True)
        monkeypatch.setattr(admission, "PAUSE_SECONDS", 0)
        assert (await server.request())[0]["status"] == 429

    run(test())


def test_long_address_gets_414() -> None:
    async def test() -> None:
        server = Server()
        server.release.set()
        assert (await server.request("/" + "a" * URL_LIMIT_BYTES))[0]["status"] == 414
        assert (await server.request("/?" + "a" * (URL_LIMIT_BYTES - 1)))[0]["status"] == 200

    run(test())


@pytest.mark.parametrize("forwarded", [b"198.51.100.1", b"198.51.100.2, 198.51.100.1"])
def test_clients_behind_a_trusted_proxy_are_told_apart(forwarded: bytes) -> None:
    async def test() -> None:
        for proxies, refused in (("192.0.2.1",), 0), ((), 1):
            server = Server(proxies=proxies, places=3, queue=3)
            headers = ((b"x-forwarded-for", forwarded),)
            first = [server.request(client="192.0.2.1", headers=headers) for _ in range(2)]
            other = server.request(client="192.0.2.1", headers=((b"x-forwarded-for", b"198.51.100.9"),))
            await settle()
            assert server.active == 3 - refused
            server.release.set()
            await asyncio.gather(*first, other)

    run(test())


@pytest.mark.parametrize(
    ("method", "path", "work"),
    [
        ("GET", "/", Work.READS),
        ("HEAD", "/api/collections/events/items?limit=1", Work.READS),
        ("GET", "/api/openapi.json", Work.LARGE_READS),
        ("GET", "/api/collections/events/items?limit=100", Work.READS),
        ("GET", "/api/collections/events/items?bbox=1,2,3,4&limit=101", Work.LARGE_READS),
        ("GET", "/api/collections/control-areas/items?limit=1000", Work.LARGE_READS),
        ("GET", "/api/collections/events/items?limit=1&q=bridge", Work.SEARCHES),
        ("GET", "/api/collections/events/histogram?q=bridge", Work.SEARCHES),
        ("GET", "/api/collections/events/histogram?%71=bridge", Work.SEARCHES),
        ("GET", "/api/collections/control-areas/items?l%69mit=%31000", Work.LARGE_READS),
        ("GET", "/api/collections/events/items?limit=%00", Work.READS),
        ("GET", "/api/collections/events/columns", Work.SEARCHES),
        ("GET", "/api/collections/events/columns/parts", Work.READS),
        ("GET", "/api/collections/places/items?q=Donetsk", Work.READS),
        ("GET", "/readyz", Work.HEALTH),
        ("GET", "/static/1/map.js", Work.FILES),
        ("POST", "/api/submissions", Work.WRITES),
        ("POST", "/submit", Work.WRITES),
        ("POST", "/sign-in", Work.SIGN_INS),
        ("GET", "/sign-in", Work.READS),
        ("POST", "/desk/account/password", Work.SIGN_INS),
        ("GET", "/desk", Work.READS),
    ],
)
def test_class_of_a_request(method: str, path: str, work: Work) -> None:
    path, _, query = path.partition("?")
    assert work_of({"method": method, "path": path, "query_string": query.encode(), "headers": []}) is work


@pytest.mark.parametrize("header", [b"cookie", b"authorization"])
def test_requests_with_credentials_belong_to_the_desk(header: bytes) -> None:
    scope = {"path": "/api/desk/queue", "query_string": b"", "headers": [(header, b"x")]}
    assert work_of(scope | {"method": "GET"}) is Work.DESK
    assert work_of(scope | {"method": "POST"}) is Work.DESK


@pytest.mark.parametrize(("public", "writing"), [(1, 1), (10, 5), (40, 20)])
def test_places_fit_the_connections(public: int, writing: int) -> None:
    classes = work_classes(Settings(public_connections=public, writing_connections=writing))
    assert set(classes) == set(Work)
    assert all(work.places >= 1 and work.queue >= work.places for work in classes.values())
    if public > 1:
        assert classes[Work.READS].places + classes[Work.SEARCHES].places + classes[Work.HEALTH].places <= public
        assert classes[Work.WRITES].places + classes[Work.DESK].places < writing
