package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import dev.selvedge.server.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Connections that are ready together go in step, and none gets what belongs to another. */
class BatchTest {

    /** Answers a GET with the target as often as its last number says, and a POST with the length of the body. */
    private final EngineBench bench = new EngineBench(1000, (head, peer) -> {
        if (head.method().equals("POST")) {
            return COUNTING;
        }
        step("answer");
        int times = Integer.parseInt(head.target().substring(head.target().lastIndexOf('/') + 1));
        return EngineBench.answering(head.target().repeat(times));
    }, mock(Transport.class));

    private static final Call COUNTING = new Call() {
        @Override
        public boolean blocking() {
            return false;
        }

        @Override
        public boolean readsBody() {
            return true;
        }

        @Override
        public long maxBodyBytes() {
            return 1 << 30;
        }

        @Override
        public Answer answer(BodySource body) {
            return new Answer(200, FieldSection.of("Content-Type", "text/plain"),
                    new Content.Octets(String.valueOf(body.length()).getBytes(ISO_8859_1)));
        }
    };

    private final List<String> steps = new ArrayList<>();

    private void step(String step) {
        steps.add(step);
    }

    /** A client whose octets are all there, and that takes so many of the answer at a time. */
    private final class Client implements Channel {

        private final String name;
        private final byte[] input;
        private final int writeMax;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private ReadinessTarget connection;
        private int readMax = Integer.MAX_VALUE;
        private int at;
        private boolean fails;
        private boolean cannotBeClosed;
        private String end = "open";

        Client(String name, int writeMax, String... targets) {
            this(name, writeMax, Stream.of(targets).map(target -> "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .reduce("", String::concat).getBytes(ISO_8859_1));
        }

        Client(String name, int writeMax, byte[] input) {
            this.name = name;
            this.input = input;
            this.writeMax = writeMax;
            connection = bench.adopt(this);
        }

        void ready() {
            connection.ready(Readiness.READABLE | Readiness.WRITABLE);
        }

        @Override
        public int read(byte[] dst, int from, int length) {
            steps.add("read " + name);
            int n = Math.min(Math.min(length, readMax), input.length - at);
            System.arraycopy(input, at, dst, from, n);
            at += n;
            return n == 0 ? -Errno.EAGAIN : n;
        }

        @Override
        public int write(byte[] src, int from, int length) {
            steps.add("write " + name);
            if (fails) {
                throw new IllegalStateException("a defect, for a test");
            }
            int n = Math.min(length, writeMax);
            output.write(src, from, n);
            return n == 0 ? -Errno.EAGAIN : n;
        }

        @Override
        public int writeLast(byte[] src, int from, int length) {
            int n = write(src, from, length);
            steps.add(n == length ? "it was the last" : "the rest of the last follows");
            return n;
        }

        @Override
        public long sendFile(FileSource file, long position, long count) {
            throw new AssertionError("there is no file");
        }

        @Override
        public int shutdownOutput() {
            steps.add("end of " + name);
            return 0;
        }

        @Override
        public void abort() {
            end = "aborted";
            if (cannotBeClosed) {
                throw new StackOverflowError("for a test");
            }
        }

        @Override
        public void close() {
            end = "closed";
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved(name, 1);
        }

        @Override
        public InetSocketAddress localAddress() {
            return InetSocketAddress.createUnresolved("server", 80);
        }

        String answers() {
            return output.toString(ISO_8859_1);
        }
    }

    private static String answer(String target) {
        return answerWith(target.repeat(Integer.parseInt(target.substring(target.lastIndexOf('/') + 1))));
    }

    private static String answerWith(String content) {
        return "HTTP/1.1 200 OK\r\nServer: test\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + content.length() + "\r\n\r\n" + content;
    }

    @Test
    void firstAllAreReadThenAllAreWritten() {
        List<Client> clients = Stream.of("a", "b", "c").map(name -> new Client(name, 1000, "/" + name + "/1")).toList();

        bench.turn(() -> clients.forEach(Client::ready)).turn(() ->
                assertEquals(List.of("read a", "read b", "read c", "answer", "answer", "answer", "write a", "write b",
                        "write c"), steps)).run();

        clients.forEach(client -> assertEquals(answer("/" + client.name + "/1"), client.answers()));
    }

    /** So the system can send both in one segment. It may put that off until the end, so nothing may come between. */
    @Test
    void theEndComesRightBehindTheLastOctets() {
        byte[] last = "GET /a/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);
        List<Client> clients = List.of(new Client("a", 1000, last), new Client("b", 100, last),
                new Client("c", 1000, "/c/1"));

        bench.turn(() -> clients.forEach(Client::ready)).turn(() ->
                assertEquals(List.of("read a", "read b", "read c", "answer", "answer", "answer",
                        "write a", "it was the last", "end of a",
                        "write b", "the rest of the last follows", "write b", "it was the last", "end of b",
                        "write c"), steps)).run();
    }

    @Test
    void nobodyWaitsForMoreThanABatch() {
        List<Client> clients = IntStream.range(0, 3 * Batch.CONNECTIONS_MAX + 1)
                .mapToObj(i -> new Client("c" + i, 1000, "/" + i + "/1")).toList();

        bench.turn(() -> clients.forEach(Client::ready)).run();

        assertEquals("read c" + (Batch.CONNECTIONS_MAX - 1), steps.get(Batch.CONNECTIONS_MAX - 1));
        assertEquals("answer", steps.get(Batch.CONNECTIONS_MAX));
        assertEquals("write c0", steps.get(2 * Batch.CONNECTIONS_MAX));
        for (int i = 0; i < clients.size(); i++) {
            assertEquals(answer("/" + i + "/1"), clients.get(i).answers());
        }
    }

    /** It may tell of more than was read, so there is another look, but in the same turn. */
    @Test
    void anEdgeThatIsToldTwiceMakesNoSecondTurn() {
        Client client = new Client("a", 1000, "/a/1");

        bench.turn(() -> {
            client.ready();
            client.ready();
        }).turn(() -> assertEquals(List.of("read a", "answer", "write a", "read a"), steps)).run();
    }

    @Test
    void aDefectOfOneIsNoneOfTheOthers() {
        List<Client> clients = Stream.of("a", "b", "c").map(name -> new Client(name, 1000, "/" + name + "/1")).toList();
        clients.get(1).fails = true;

        bench.expectDefects(1).turn(() -> clients.forEach(Client::ready)).turn(() -> {
            assertEquals(List.of("open", "aborted", "open"), clients.stream().map(client -> client.end).toList());
        }).run();

        assertEquals(answer("/a/1"), clients.get(0).answers());
        assertEquals("", clients.get(1).answers());
        assertEquals(answer("/c/1"), clients.get(2).answers());
    }

    /** Of a whole batch two can't even be closed: the others have their answers all the same, and so have the next. */
    @Test
    void neitherIsOneThatCannotBeClosed() {
        List<Client> clients = IntStream.range(0, 2 * Batch.CONNECTIONS_MAX)
                .mapToObj(i -> new Client("c" + i, 1000, "/" + i + "/1")).toList();
        for (int i : new int[] {3, 5}) {
            clients.get(i).fails = true;
            clients.get(i).cannotBeClosed = true;
        }

        // told when it fails, when it can't be closed, and once more when its time is over
        bench.expectDefects(6).turn(() -> clients.subList(0, Batch.CONNECTIONS_MAX).forEach(Client::ready))
                .turn(() -> clients.subList(Batch.CONNECTIONS_MAX, clients.size()).forEach(Client::ready)).run();

        for (int i = 0; i < clients.size(); i++) {
            assertEquals(i == 3 || i == 5 ? "" : answer("/" + i + "/1"), clients.get(i).answers());
        }
    }

    /** Two answers of a few octets behind many large ones, in the same turn and in the next. */
    @Test
    void theyGoInStepAlsoAfterMuchWasWritten() {
        List<Client> large = IntStream.range(0, 10).mapToObj(i -> new Client("l" + i, 1 << 20, "/x/2000")).toList();
        List<Client> some = Stream.of("a", "b", "c", "d").map(name -> new Client(name, 1000, "/1")).toList();
        bench.loop.later(this::stayAwake);

        bench.turn(() -> {
            large.forEach(Client::ready);
            some.subList(0, 2).forEach(Client::ready);
        }).turn(() -> {
            assertEquals(List.of("answer", "answer", "write a", "write b"), steps.stream()
                    .filter(step -> !step.contains(" l")).toList().reversed().subList(0, 4).reversed());
            steps.clear();
            some.subList(2, 4).forEach(Client::ready);
        }).turn(() -> assertEquals(List.of("read c", "read d", "answer", "answer", "write c", "write d"),
                steps)).run();

        large.forEach(client -> assertEquals(answer("/x/2000"), client.answers()));
    }

    /** The part of a head that one has sent lies before the request of another; then more of it comes. */
    @Test
    void moreOfOneDoesNotGetIntoTheRequestOfAnother() {
        Client one = new Client("a", 1000, "/a/1");
        Client other = new Client("b", 1000, "/b/1");
        one.readMax = 10;

        bench.turn(() -> {
            one.ready();
            other.ready();
            one.ready();
        }).turn(one::ready).turn(one::ready).turn(one::ready).run();

        assertEquals(answer("/a/1"), one.answers());
        assertEquals(answer("/b/1"), other.answers());
    }

    @Test
    void oneThatSendsMoreThanThereIsRoomForLeavesRoomForItselfAndTheOthers() {
        String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n";
        Client large = new Client("a", 1000, (head + "x".repeat(2_000_000)).getBytes(ISO_8859_1));
        Client first = new Client("b", 1000, "/b/1");
        Client last = new Client("c", 1000, "/c/1");
        bench.loop.later(this::stayAwake);
        for (int turn = 0; turn < 200; turn++) {
            bench.turn(() -> List.of(large, first, large, last).forEach(Client::ready));
        }

        bench.run();

        assertEquals(answerWith("2000000"), large.answers());
        assertEquals(answer("/b/1"), first.answers());
        assertEquals(answer("/c/1"), last.answers());
    }

    /** Pipelines, bodies, answers of all sizes, requests that come in pieces, clients that take little at a time. */
    @Test
    void eachGetsItsOwnAnswersHoweverMuchTheyShare() {
        long seed = Long.getLong("batch.seed", System.nanoTime());
        for (int round = 0; round < 30; round++) {
            new BatchTest().crowd(new Random(seed + round), "seed " + (seed + round));
        }
    }

    /** One crowd of clients, told in batches until all have what they asked for. */
    private void crowd(Random chance, String label) {
        List<String> expected = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            StringBuilder requests = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            for (int n = chance.nextInt(1, 8); n > 0; n--) {
                if (chance.nextInt(4) == 0) {
                    int length = chance.nextInt(5) == 0 ? chance.nextInt(200_000) : chance.nextInt(300);
                    requests.append("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ").append(length).append("\r\n\r\n")
                            .repeat("x", length);
                    answers.append(answerWith(String.valueOf(length)));
                } else {
                    int times = chance.nextInt(6) == 0 ? chance.nextInt(6000) : chance.nextInt(10);
                    String target = "/" + i + "/" + n + "/" + times;
                    requests.append("GET ").append(target).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
                    answers.append(answer(target));
                }
            }
            expected.add(answers.toString());
            Client client = new Client("c" + i, chance.nextInt(3) == 0 ? chance.nextInt(20, 400) : 1 << 20,
                    requests.toString().getBytes(ISO_8859_1));
            client.readMax = chance.nextInt(2) == 0 ? chance.nextInt(1, 60) + client.input.length / 100
                    : Integer.MAX_VALUE;
            clients.add(client);
        }
        bench.loop.later(this::stayAwake);
        for (int turn = 0; turn < 400; turn++) {
            bench.turn(() -> clients.forEach(client -> {
                if (client.at < client.input.length || chance.nextInt(4) == 0) {
                    client.ready();
                    if (chance.nextInt(4) == 0) {
                        clients.get(chance.nextInt(clients.size())).ready();
                    }
                }
            }));
        }
        bench.run();
        for (int i = 0; i < clients.size(); i++) {
            String got = clients.get(i).answers();
            assertTrue(expected.get(i).equals(got), label + ": client " + i + " got " + got.length() + " octets, "
                    + commonPrefix(expected.get(i), got) + " of them right, and " + expected.get(i).length() + " expected");
        }
    }

    @Test
    void aClientThatTakesNothingOfAFullBatchHasTheTimeToTakeItAndNoMore() {
        String target = "/" + "x".repeat(35) + "/400"; // five answers, of 16,000 octets each, fill a batch
        List<Client> clients = IntStream.range(0, 5)
                .mapToObj(i -> new Client("c" + i, i == 4 ? 0 : Integer.MAX_VALUE, target)).toList();
        bench.turn(() -> clients.forEach(Client::ready)).turn(() -> { })
                .turn(() -> assertEquals("aborted", clients.get(4).end)).run();

        assertEquals(6 * EngineBench.LIMITS.paceNanos(), bench.waits.get(1), "the patience for sending");
    }

    /** Lets the loop never wait, so that no time passes. */
    private void stayAwake() {
        bench.loop.later(this::stayAwake);
    }

    private static int commonPrefix(String one, String other) {
        int n = 0;
        while (n < Math.min(one.length(), other.length()) && one.charAt(n) == other.charAt(n)) {
            n++;
        }
        return n;
    }
}
