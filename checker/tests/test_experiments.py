"""The thirteen scenes: what each shows with the reference, and with programs that differ."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest

from checker import catalog, experiments
from checker.build import compile_source
from checker.experiments import stage
from checker.experiments.model import Evidence, UnclearError
from checker.source import read_files
from checker.tests.programs import program

Shown = Callable[..., Evidence]

AT_ONCE = 4
SEED = 5
SILENCE = 0.2

THERE = """
  hostent* host = gethostbyname(argv[1]);
  auto there = at("127.0.0.1", argv[2]);
  if (host) memcpy(&there.sin_addr, host->h_addr_list[0], sizeof there.sin_addr);
  auto* to = reinterpret_cast<sockaddr*>(&there);
  char buffer[128];
  auto hear = [&](int sock) -> long {
    long n = read(sock, buffer, sizeof buffer);
    if (n < 0) perror("error: read");
    if (n < 0) exit(1);
    return n;
  };
  (void)hear; (void)to;
"""
UDP = THERE + "int sock = socket(AF_INET, SOCK_DGRAM, 0);"
ASKS = UDP + 'sendto(sock, "Hello!", 6, 0, to, sizeof there);'
ECHOES = 'printf("echo: %.*s", static_cast<int>(n), buffer);'

CONNECTED = UDP + 'connect(sock, to, sizeof there); send(sock, "Hi", 2, 0); long n = hear(sock);'
PATIENT = f"""{UDP}
  timeval most{{0, 50'000}};
  setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  sendto(sock, "Hi", 2, 0, to, sizeof there);
  return recv(sock, buffer, sizeof buffer, 0) < 0 ? 0 : 1;
"""
NAMES_WHOM_IT_ASKED = ASKS + 'hear(sock); printf("sent by [%s:%s]\\n", argv[1], argv[2]);'
BOUND = (
    UDP
    + """
  auto here = at("127.0.0.1", %s);
  bind(sock, reinterpret_cast<sockaddr*>(&here), sizeof here);
  sendto(sock, "Hello!", 6, 0, to, sizeof there);
  hear(sock);
"""
)
SMALL_BUFFER = ASKS + "long n = hear(sock);" + ECHOES
C_STRING = ASKS + 'long n = hear(sock); buffer[n] = 0; printf("echo: %%s", buffer);'.replace(
    "%%", "%"
)
WHOLE_BUFFER = ASKS + 'long n = hear(sock); n = 8; write(1, "echo: ", 6); write(1, buffer, n);'
CONNECTS = (
    THERE
    + """
  int sock = socket(AF_INET, %s, 0);
  if (connect(sock, to, sizeof there) < 0) perror("error: connect");
  (void)sock;
"""
)
SAYS = (
    (CONNECTS % "SOCK_STREAM").replace("(void)sock;", "")
    + """
  long size = static_cast<long>(strlen(argv[3]));
  for (long sent = 0; sent < size;) sent += write(sock, argv[3] + sent, size - sent);
"""
)
READS_ONCE = SAYS + "long n = hear(sock);" + ECHOES
READS_BYTES = SAYS + "for (long n = 0; n < size; ++n) if (read(sock, buffer, 1) < 1) return 1;"
IGNORES_THE_END = SAYS + "for (long n = 0; n < size;) n += hear(sock);"
IGNORES_A_RESET = SAYS + "if (read(sock, buffer, sizeof buffer) < 0) pause(); return 1;"
WAITS_FOR_NOTHING = SAYS
BINDS = """
  int sock = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
  (void)on;
  auto here = at("0.0.0.0", argv[1]);
  %s
  if (bind(sock, reinterpret_cast<sockaddr*>(&here), sizeof here) < 0) perror("error: bind");
  char buffer[128];
  for (;;) recv(sock, buffer, sizeof buffer, 0);
"""
REUSES = "setsockopt(sock, SOL_SOCKET, %s, &on, sizeof on);"
LISTENS = """
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  auto here = at("0.0.0.0", argv[1]);
  bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here);
  listen(listener, %d);
  for (;;) {
    int client = accept(listener, nullptr, nullptr);
    char buffer[128];
    for (ssize_t n = 0; (n = read(client, buffer, sizeof buffer)) > 0;)
      if (write(client, buffer, static_cast<size_t>(n)) < 0) break;
    close(client);
  }
"""
REFERENCE = ""
OTHERS = [
    (1, CONNECTED),
    (1, PATIENT),
    (2, CONNECTED),
    (2, NAMES_WHOM_IT_ASKED),
    (3, BOUND % "argv[2]"),
    (3, BOUND % '"40000"'),
    (4, SMALL_BUFFER),
    (5, C_STRING),
    (5, WHOLE_BUFFER),
    (6, CONNECTS % "SOCK_DGRAM"),
    (7, CONNECTS % "SOCK_STREAM"),
    (7, CONNECTS % "SOCK_DGRAM"),
    (8, READS_ONCE),
    (8, READS_BYTES),
    (9, IGNORES_THE_END),
    (9, IGNORES_A_RESET),
    (9, WAITS_FOR_NOTHING),
    (10, BINDS % (REUSES % "SO_REUSEADDR")),
    (10, BINDS % (REUSES % "SO_REUSEPORT")),
    (10, BINDS % ""),
    (11, "11-select-server"),
    (11, "12-fork-server"),
    (12, LISTENS % 1),
    (12, LISTENS % 16),
    (12, "12-fork-server"),
    (13, "10-tcp-server"),
]


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    """What an experiment shows with the reference, another task's, or the program with this body
    of main; all are begun at once."""
    stage.prepare()
    cases = [(each.number, REFERENCE) for each in experiments.all()] + OTHERS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun: dict[tuple[int, str], Future[Evidence]] = {
            case: pool.submit(_show, *case) for case in cases
        }
        yield lambda number, body=REFERENCE: begun[number, body].result()


def _show(number: int, body: str) -> Evidence:
    experiment = experiments.find(number)
    assert experiment
    return stage.observe(experiment, _binary(body or experiment.task.slug), SEED)


def _binary(body: str) -> Path:
    if "\n" in body:
        return program(body)
    solution = catalog.find(body).solution
    binary = compile_source(read_files(body, [solution]), "judged", confined=True).binary
    assert binary
    return binary


pytestmark = pytest.mark.usefixtures("private_arena")


@pytest.mark.parametrize("number", range(1, 14))
def test_the_words_say_what_the_reference_shows(number: int, shown: Shown) -> None:
    experiment = experiments.find(number)
    assert experiment
    evidence = shown(number)
    assert (evidence.outcome, evidence.answer) == (experiment.prose.seen, experiment.prose.answer)
    assert any(event.kind == "call" for event in evidence.timeline)


@pytest.mark.parametrize("number", range(1, 14))
def test_every_outcome_has_its_words(number: int) -> None:
    experiment = experiments.find(number)
    assert experiment
    scene = importlib.import_module(f"checker.experiments.{experiment.scene.stem}")
    outcomes = set(get_args(scene.Outcome))
    assert set(experiment.prose.explanations) == outcomes
    assert not experiment.choices or outcomes <= set(experiment.choices)
    assert catalog.find(experiment.prose.task) == experiment.task


def test_1_the_news_of_a_port_that_nobody_has_reaches_no_unconnected_socket(shown: Shown) -> None:
    facts = shown(1).facts
    assert facts["datagrams that found no port"] == 1
    assert facts["waits in"] == "recvfrom(3, 65507)"
    assert facts["time without an answer"] == SILENCE


def test_1_a_connected_socket_is_told(shown: Shown) -> None:
    evidence = shown(1, CONNECTED)
    assert evidence.outcome == "refused"
    assert (evidence.facts["the call that failed"], evidence.facts["errno"]) == (
        "read",
        "ECONNREFUSED",
    )


def test_1_who_has_a_limit_of_its_own_is_not_said_to_wait_for_ever(shown: Shown) -> None:
    evidence = shown(1, PATIENT)
    assert evidence.outcome == "gives-up"
    assert "SO_RCVTIMEO" in str(evidence.facts["its own limit"])
    assert evidence.facts["errno"] == "EAGAIN"


def test_2_the_sender_of_a_datagram_is_the_one_that_recvfrom_tells(shown: Shown) -> None:
    facts = shown(2).facts
    assert facts["asked"] != facts["reply from"]
    assert facts["what recvfrom told"] == f"from {facts['reply from']}"
    assert facts["printed"] == f"sent by [{facts['reply from']}]"


def test_2_a_connected_socket_takes_no_stranger(shown: Shown) -> None:
    evidence = shown(2, CONNECTED)
    assert evidence.outcome == "not-taken"
    assert evidence.facts["waits in"] == "read(3, 128)"


def test_2_whom_it_asked_may_not_be_the_sender(shown: Shown) -> None:
    assert shown(2, NAMES_WHOM_IT_ASKED).outcome == "asked"


def test_3_the_system_picks_a_port_of_its_range_for_each_start(shown: Shown) -> None:
    facts = shown(3).facts
    lowest, highest = map(int, str(facts["net.ipv4.ip_local_port_range"]).split())
    ports = [int(facts[f"the client's, start {number}"]) for number in (1, 2)]
    assert all(lowest <= port <= highest for port in ports)
    assert facts["calls of bind with a port"] == 0


def test_3_a_client_may_be_on_the_servers_port(shown: Shown) -> None:
    evidence = shown(3, BOUND % "argv[2]")
    assert evidence.outcome == "server"
    assert evidence.facts["the client's, start 1"] == evidence.facts["the server's port"]


def test_3_a_port_that_the_program_chose_is_its_own(shown: Shown) -> None:
    evidence = shown(3, BOUND % '"40000"')
    assert evidence.outcome == "own"
    assert evidence.facts["the client's, start 2"] == 40_000


def test_4_a_datagram_is_as_long_as_its_sender_made_it(shown: Shown) -> None:
    facts = shown(4).facts
    assert facts["what recvfrom returned"] == facts["bytes printed"] == 1000


def test_4_what_the_buffer_has_no_room_for_is_lost(shown: Shown) -> None:
    evidence = shown(4, SMALL_BUFFER)
    assert (evidence.outcome, evidence.answer) == ("cut", 128)
    assert evidence.facts["room that read was given"] == evidence.facts["bytes printed"] == 128


def test_5_no_nul_is_put_behind_a_reply(shown: Shown) -> None:
    facts = shown(5).facts
    assert facts["and with reply 1 in it"] == r"Hi!\xee\xee"
    assert facts["printed of that"] == r'5 bytes, "ab\0cd"'


def test_5_a_program_that_puts_one_there_loses_what_follows_another(shown: Shown) -> None:
    evidence = shown(5, C_STRING)
    assert evidence.outcome == "own-nul"
    assert evidence.facts["printed of that"] == '2 bytes, "ab"'


def test_5_the_buffers_old_bytes_are_none_of_the_reply(shown: Shown) -> None:
    evidence = shown(5, WHOLE_BUFFER)
    assert evidence.outcome == "nobody"
    assert str(evidence.facts["printed of it"]).startswith('8 bytes, "Hi!')


def test_6_one_number_is_two_ports(shown: Shown) -> None:
    facts = shown(6).facts
    assert facts["sockets with that number"] == "TCP and UDP"
    assert facts["connections at the TCP server"] == 1
    assert facts["datagrams at the UDP server"] == 0


def test_6_to_connect_a_datagram_socket_sends_nothing(shown: Shown) -> None:
    evidence = shown(6, CONNECTS % "SOCK_DGRAM")
    assert evidence.outcome == "not-tcp"
    assert evidence.facts["datagrams at the UDP server"] == 0


def test_7_a_name_and_a_port_are_told_by_different_calls(shown: Shown) -> None:
    facts = shown(7).facts
    assert facts["wrong name: the call that failed"] == "getaddrinfo"
    assert facts["wrong name: result"] == "EAI_NONAME"
    assert facts["wrong port: the call that failed"] == "connect"
    assert facts["wrong port: errno"] == "ECONNREFUSED"


def test_7_who_does_not_look_at_the_result_connects_to_nothing(shown: Shown) -> None:
    evidence = shown(7, CONNECTS % "SOCK_STREAM")
    assert evidence.outcome == "connect-both"
    assert evidence.facts["wrong name: the call that failed"] == "connect"


def test_7_a_datagram_socket_notices_no_wrong_port(shown: Shown) -> None:
    assert shown(7, CONNECTS % "SOCK_DGRAM").outcome == "unnoticed"


def test_8_reads_and_writes_need_not_be_messages(shown: Shown) -> None:
    facts = shown(8).facts
    assert facts["bytes that each took"] == "4 4 4"
    assert sum(map(int, str(facts["bytes that each gave"]).split())) == 12
    assert (facts["calls that read it"], facts["bytes printed"]) == (5, 12)


def test_8_who_reads_once_gets_one_piece(shown: Shown) -> None:
    evidence = shown(8, READS_ONCE)
    assert (evidence.outcome, evidence.answer) == ("fewer", 1)
    assert str(evidence.facts["bytes printed"]) == evidence.facts["bytes that each gave"]


def test_8_who_reads_bytes_reads_more(shown: Shown) -> None:
    evidence = shown(8, READS_BYTES)
    assert (evidence.outcome, evidence.answer) == ("more", 12)


def test_9_an_end_is_0_a_reset_an_error_and_a_silence_nothing(shown: Shown) -> None:
    facts = shown(9).facts
    assert facts["end (FIN): the last call that read"] == "read = 0"
    assert facts["reset (RST): the last call that read"] == "read = ECONNRESET"
    assert facts["silence: the last call that read"] == "poll(3 POLLIN) does not return"
    assert facts["silence: the program"] == "it still runs"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (IGNORES_THE_END, "reset-only"),
        (IGNORES_A_RESET, "end-only"),
        (WAITS_FOR_NOTHING, "all"),
    ],
)
def test_9_what_is_noticed_is_the_programs_doing(body: str, outcome: str, shown: Shown) -> None:
    assert shown(9, body).outcome == outcome


def test_10_a_port_belongs_to_one_socket(shown: Shown) -> None:
    facts = shown(10).facts
    assert (facts["the call that failed"], facts["errno"]) == ("bind", "EADDRINUSE")
    assert facts["sockets with that port"] == 1


def test_10_with_reuseaddr_the_last_one_has_every_datagram(shown: Shown) -> None:
    evidence = shown(10, BINDS % (REUSES % "SO_REUSEADDR"))
    assert evidence.outcome == "second-has-all"
    assert evidence.facts["sockets with that port"] == 2
    assert evidence.facts["datagrams at the first"] == 0
    assert evidence.facts["datagrams at the second"] == 20


def test_10_with_reuseport_they_share_them(shown: Shown) -> None:
    evidence = shown(10, BINDS % (REUSES % "SO_REUSEPORT"))
    assert evidence.outcome == "shared"
    assert int(evidence.facts["datagrams at the first"]) > 0
    assert int(evidence.facts["datagrams at the second"]) > 0
    assert {event.actor for event in evidence.timeline} >= {
        "your program",
        "your program, the second",
    }


def test_10_a_bind_that_failed_unnoticed_leaves_a_server_without_a_port(shown: Shown) -> None:
    evidence = shown(10, BINDS % "")
    assert evidence.outcome == "second-elsewhere"
    assert evidence.facts["where the second is"] == "on no port"
    assert evidence.facts["errno"] == "EADDRINUSE"


def test_11_one_client_is_enough_to_keep_a_server_from_accept(shown: Shown) -> None:
    facts = shown(11).facts
    assert facts["without a client, waits in"] == "accept(3)"
    assert facts["with a silent client, in"] == "read(4, 16384)"
    assert facts["when another one connects, in"] == "read(4, 16384)"
    assert facts["connections that nobody has accepted"] == 1


@pytest.mark.parametrize(
    ("task", "outcome"), [("11-select-server", "select"), ("12-fork-server", "both")]
)
def test_11_a_server_for_many_waits_elsewhere(task: str, outcome: str, shown: Shown) -> None:
    evidence = shown(11, task)
    assert evidence.outcome == outcome
    assert evidence.facts["connections that nobody has accepted"] == 0


@pytest.mark.parametrize("backlog", [1, 16])
def test_12_the_queue_has_room_for_one_more_than_its_backlog(backlog: int, shown: Shown) -> None:
    evidence = shown(12, LISTENS % backlog)
    assert evidence.outcome == "queue"
    assert evidence.facts["backlog of the listener"] == backlog
    assert evidence.facts["connected and not accepted"] == backlog + 1
    assert evidence.facts["length of the queue"] == backlog + 1
    assert evidence.facts["clients that get no answer"] == 1


def test_12_of_the_largest_backlog_the_end_is_seen_too(shown: Shown) -> None:
    facts = shown(12).facts
    assert facts["connected and not accepted"] == int(facts["backlog of the listener"]) + 1
    assert facts["clients that get no answer"] == 1


def test_12_a_server_that_accepts_at_once_has_no_queue(shown: Shown) -> None:
    evidence = shown(12, "12-fork-server")
    assert evidence.outcome == "accepted"


def test_13_select_is_the_one_place_where_it_waits(shown: Shown) -> None:
    facts = shown(13).facts
    assert facts["without a client, waits in"] == "select(read 3)"
    assert facts["with a silent client, in"] == "select(read 3,4)"
    assert facts["a second client hears"] == r'5 bytes, "busy\n"'


def test_13_an_iterative_server_tells_nobody_that_it_is_busy(shown: Shown) -> None:
    evidence = shown(13, "10-tcp-server")
    assert evidence.outcome == "accept-read"
    assert evidence.facts["a second client hears"] == "nothing"


@pytest.mark.parametrize("number", range(1, 14))
def test_a_program_that_does_nothing_shows_nothing(number: int) -> None:
    experiment = experiments.find(number)
    assert experiment
    with pytest.raises(UnclearError, match=r"expected .*, got "):
        stage.observe(experiment, program("return 0;\n"), SEED)
