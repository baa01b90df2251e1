package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.contract.HttpReply;
import dev.selvedge.contract.HttpReplyReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Drives a connection value as the engine does, but over two arrays: pieces of input in the one, what is sent in the
 * other. It has one thread, and time passes only when a test says so.
 */
final class DrivenConnection {

    static final long SECOND = 1_000_000_000L;

    static final ConnectionLimits LIMITS = new ConnectionLimits(new HeadLimits(1000, 4000, 50), 10 * SECOND,
            60 * SECOND, 1200, 5 * SECOND, 256, 1000, 10_000, 2 * SECOND);

    /** Who answers a request. */
    interface Site {
        Plan plan(RequestHead head);
    }

    /** Makes an answer. */
    interface Answering {
        Answer answer(RequestHead head, Body body);
    }

    /** A request's body; null if it was refused. */
    interface Body {
        byte[] all();
    }

    /**
     * What a site does with a request.
     *
     * @param reads whether it reads the body by itself, as blocking handlers do
     * @param maxBodyBytes how long the body may be
     * @param answering makes the answer
     */
    record Plan(boolean reads, long maxBodyBytes, Answering answering) { }

    final ServerConnection http;
    final List<String> served = new ArrayList<>();
    long now = SECOND;
    boolean outputShutDown;

    private final Site site;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private Plan plan;
    private boolean inputEnds;
    private Content.FileRange file;
    private long filePosition;

    /** Octets that the loop lends; a small one makes the windows grow and move. */
    private byte[] scratch = new byte[65_536];
    private byte[] outputScratch = new byte[65_536];
    private int writeMax = Integer.MAX_VALUE;
    private RandomGenerator whims;

    DrivenConnection(Site site) {
        this(site, LIMITS);
    }

    DrivenConnection(Site site, ConnectionLimits limits) {
        this(site, new ConnectionContext(limits, now -> new ServerFields("test", 0), new ParserPool(limits.head())));
    }

    DrivenConnection(Site site, ConnectionContext context) {
        this.site = site;
        this.http = new ServerConnection(context);
    }

    /** Makes it cut writes short and end turns, as it likes, and lends small arrays. */
    DrivenConnection moody(RandomGenerator random) {
        whims = random;
        scratch = new byte[random.nextInt(1, 300)];
        outputScratch = new byte[random.nextInt(1, 300)];
        return this;
    }

    DrivenConnection writingAtMost(int octets) {
        writeMax = octets;
        return this;
    }

    DrivenConnection input(byte[] piece) {
        if (piece.length > 0) {
            pieces.add(piece);
        }
        return this;
    }

    DrivenConnection input(String latin1) {
        return input(latin1.getBytes(ISO_8859_1));
    }

    DrivenConnection endOfInput() {
        inputEnds = true;
        return this;
    }

    byte[] sent() {
        return wire.toByteArray();
    }

    String sentText() {
        return wire.toString(ISO_8859_1);
    }

    /** Returns the one response that was sent, and nothing else. */
    HttpReply reply(String method) throws IOException {
        List<HttpReply> replies = replies(method);
        if (replies.size() != 1) {
            throw new AssertionError(replies.size() + " responses: " + replies);
        }
        return replies.getFirst();
    }

    /** Returns all responses that were sent, 1xx too; each final one belongs to the next of the methods. */
    List<HttpReply> replies(String... methods) throws IOException {
        var reader = new HttpReplyReader(new ByteArrayInputStream(sent()));
        List<HttpReply> replies = new ArrayList<>();
        int answered = 0;
        for (;;) {
            HttpReply reply = reader.readAny(methods[Math.min(answered, methods.length - 1)]);
            if (reply == null) {
                return replies;
            }
            replies.add(reply);
            answered += reply.interim() ? 0 : 1;
        }
    }

    // ---- driving

    /** Meets needs until there is nothing to read, or the connection has ended; returns the need that is left. */
    Need run() {
        http.output().lend(outputScratch, 0);
        for (int turn = 0; turn < 10_000_000; turn++) {
            if (whims != null && whims.nextInt(4) == 0) {
                http.settle();
                http.output().lend(outputScratch, 0);
            }
            Need need = http.advance(now);
            boolean more = switch (need) {
                case READ -> read(scratch);
                case WRITE -> write();
                case SEND_FILE -> sendFile();
                case DISPATCH -> dispatch();
                case HANDLE -> handle();
                case SHUT_DOWN_OUTPUT -> outputShutDown = true;
                case PAUSE -> pause();
                case AWAIT, CLOSE, ABORT -> false;
            };
            if (!more) {
                http.settle();
                return need;
            }
        }
        throw new AssertionError("it goes round in circles");
    }

    private boolean read(byte[] lent) {
        byte[] piece = pieces.poll();
        if (piece == null) {
            if (inputEnds) {
                http.endOfInput();
            }
            return inputEnds;
        }
        http.input().prepare(lent, 0);
        int n = Math.min(piece.length, http.input().room());
        System.arraycopy(piece, 0, http.input().array(), http.input().to(), n);
        http.received(n, now);
        if (n < piece.length) {
            byte[] rest = new byte[piece.length - n];
            System.arraycopy(piece, n, rest, 0, rest.length);
            pieces.addFirst(rest);
        }
        return true;
    }

    private boolean pause() {
        now = http.deadline(now);
        http.expire(now);
        return true;
    }

    private int most() {
        return whims == null ? writeMax : whims.nextInt(1, 600);
    }

    private boolean write() {
        Output out = http.output();
        if (outputShutDown || out.contiguous() == 0) {
            throw new AssertionError("nothing can be sent");
        }
        int n = Math.min(out.contiguous(), most());
        wire.write(out.array(), out.from(), n);
        http.sent(n, now);
        return true;
    }

    private boolean sendFile() {
        int n = (int) Math.min(http.fileRemaining(), most());
        byte[] octets = new byte[n];
        for (int i = 0; i < n; i++) {
            octets[i] = SampleSite.fileOctet(filePosition++);
        }
        if (SampleSite.isSent(file)) {
            wire.writeBytes(octets);
            http.fileSent(n, now);
        } else {
            http.copyFile(octets, n);
        }
        return true;
    }

    private boolean dispatch() {
        served.add(http.head().method() + " " + http.head().target());
        plan = site.plan(http.head());
        if (!plan.reads()) {
            http.collect(plan.maxBodyBytes(), now);
            return true;
        }
        if (http.stream(plan.maxBodyBytes(), now)) {
            http.settle();
            Answer answer = plan.answering().answer(http.head(), this::readAll);
            boolean streamed = answer.content() instanceof Content.Streamed && !http.head().method().equals("HEAD");
            answer(http.body() == null || streamed ? answer : discardRest(answer));
        }
        return true;
    }

    private Answer discardRest(Answer answer) {
        byte[] own = new byte[whims == null ? 1000 : whims.nextInt(1, 100)];
        while (http.body().refusal() == null) {
            switch (http.body().discard(LIMITS.maxDrainBytes())) {
                case IncomingBody.NEED_INPUT -> receive(own);
                case IncomingBody.REFUSED -> {
                    return RefusalAnswer.of(http.body().refusal());
                }
                default -> {
                    return answer;
                }
            }
        }
        return answer;
    }

    private void receive(byte[] own) {
        while (!http.output().isEmpty()) {
            write();
        }
        if (!read(own)) {
            http.body().refuse(Refusal.BODY_TIMEOUT);
        }
    }

    private boolean handle() {
        byte[] body = http.begin();
        answer(plan.answering().answer(http.head(), () -> body));
        return true;
    }

    private byte[] readAll() {
        if (http.body() == null) {
            return new byte[0];
        }
        var body = new ByteArrayOutputStream();
        byte[] dst = new byte[whims == null ? 1000 : whims.nextInt(1, 100)];
        byte[] own = new byte[whims == null ? 1000 : whims.nextInt(1, 100)];
        for (;;) {
            int n = http.body().read(dst, 0, dst.length);
            if (n > 0) {
                body.write(dst, 0, n);
            } else if (n == IncomingBody.END) {
                return body.toByteArray();
            } else if (n == IncomingBody.REFUSED) {
                return null;
            } else {
                receive(own);
            }
        }
    }

    private void answer(Answer answer) {
        if (answer.content() instanceof Content.FileRange range) {
            file = range;
            filePosition = range.position();
        }
        http.answer(answer, now);
        if (http.streamed() == null || !(answer.content() instanceof Content.Streamed streamed)) {
            return;
        }
        try {
            streamed.producer().writeTo(new StreamedOutput());
            http.endStream(streamed.trailers().values());
        } catch (Exception e) {
            if (http.retractStream()) {
                http.answer(new Answer(500, FieldSection.EMPTY, Content.NONE), now);
            } else {
                http.abort();
            }
        }
    }

    private final class StreamedOutput extends OutputStream {
        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] src, int from, int length) {
            int done = 0;
            while (done < length) {
                int n = http.streamed().write(src, from + done, length - done);
                done += n;
                if (http.output().contiguous() > 20_000) {
                    DrivenConnection.this.write();
                }
            }
        }

        @Override
        public void flush() {
            http.streamed().flush();
            while (!http.output().isEmpty()) {
                DrivenConnection.this.write();
            }
        }
    }
}
