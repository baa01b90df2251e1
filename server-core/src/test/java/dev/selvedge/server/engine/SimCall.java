package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.Content;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.RefusalAnswer;
import dev.selvedge.server.http1.Trailers;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A handler of the simulation: it may be slow, throw, read a part of the body only, stream, or ask another thread. */
final class SimCall implements Call {

    /** What handlers throw on purpose. */
    static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Planned(String message) {
            super(message);
        }
    }

    /** How much of the body is read. */
    private enum Reads { ALL, PART, NOTHING }

    /** What goes wrong. */
    private enum Fails { NEVER, BEFORE, BETWEEN, TOO_SHORT }

    /** What is answered. */
    private enum Kind { OCTETS, FILE, STREAM, STREAM_OF_KNOWN_LENGTH, NO_CONTENT }

    static final int MAX_BODY_BYTES = 40_000;

    private final SimRequest request;
    private final SimThreads threads;
    private final SimRandom choices;
    private final boolean blocking;
    private final Reads reads;
    private final Fails fails;
    private final Kind kind;
    private final long sleepNanos;
    private final boolean asksAnotherThread;
    private final boolean stubborn;
    private final boolean trailers;
    private final int length;
    final int status;

    private boolean made;
    private boolean running;
    private boolean answering;
    private boolean abandoned;
    private long sleepsUntil;
    private long dueAt = Scheduler.NEVER;
    private int streamed;

    SimCall(SimRequest request, SimRandom random, SimThreads threads) {
        this.request = request;
        this.threads = threads;
        this.choices = new SimRandom(random.next());
        this.blocking = random.once(2);
        this.reads = random.any(Reads.ALL, Reads.ALL, Reads.PART, Reads.NOTHING);
        this.fails = random.once(8) ? random.any(Fails.values()) : Fails.NEVER;
        this.kind = random.any(Kind.values());
        this.sleepNanos = !random.once(4) ? 0 : !blocking ? random.below(500_000)
                : TimeUnit.MILLISECONDS.toNanos(random.any(1, 30, 400, 20_000));
        this.asksAnotherThread = blocking && random.once(8);
        this.stubborn = random.once(2);
        this.trailers = random.once(3);
        this.length = random.once(10) ? 0 : random.size(random.any(50, 3_000, 20_000, 60_000));
        this.status = kind == Kind.NO_CONTENT ? random.any(204, 304, 205) : random.any(200, 200, 201, 404);
    }

    // ---- what is known before ----------------------------------------------------------------------------------

    @Override
    public boolean blocking() {
        return blocking;
    }

    @Override
    public boolean readsBody() {
        return reads != Reads.NOTHING;
    }

    @Override
    public long maxBodyBytes() {
        return MAX_BODY_BYTES;
    }

    boolean streams() {
        return (kind == Kind.STREAM || kind == Kind.STREAM_OF_KNOWN_LENGTH) && !request.method.equals("HEAD");
    }

    boolean takesThread() {
        return blocking || streams() || request.expectsContinue;
    }

    /** Returns whether the whole body is taken in before the answer. */
    boolean readsAll() {
        return reads == Reads.ALL || !blocking && !request.expectsContinue && reads == Reads.PART;
    }

    /** Returns whether there is no answer of the application if the body is refused. */
    boolean needsBody() {
        return readsAll();
    }

    private boolean badFile() {
        return kind == Kind.FILE && fails == Fails.TOO_SHORT;
    }

    boolean failsInStream() {
        return fails == Fails.BETWEEN || fails == Fails.TOO_SHORT && kind == Kind.STREAM_OF_KNOWN_LENGTH && length > 0;
    }

    /** Returns whether 500 is a possible answer, also because a kill has interrupted the handler. */
    boolean fails() {
        return fails == Fails.BEFORE || badFile() || streams() && failsInStream() || request.client.run().killed();
    }

    boolean answersNormally() {
        return fails != Fails.BEFORE && !badFile() && !(streams() && failsInStream());
    }

    byte[] content() {
        return switch (kind) {
            case OCTETS, STREAM, STREAM_OF_KNOWN_LENGTH -> SimFile.content(request.seed, length);
            case FILE -> Arrays.copyOfRange(SimFile.content(request.seed, 3 + length), 3, 3 + length);
            case NO_CONTENT -> new byte[0];
        };
    }

    /** Returns the trailer lines that belong to the answer if it goes in chunks. */
    List<String> trailers() {
        return trailers && kind == Kind.STREAM ? List.of("X-Octets: " + length) : List.of();
    }

    /** Returns whether it may take so long that the server answers instead. */
    boolean hasDeadline() {
        boolean onThread = blocking || request.expectsContinue && readsBody();
        return onThread && request.client.run().handlerNanos() > 0;
    }

    /** Returns until when the handler sleeps and the client has to wait for it, or 0. */
    long sleepsUntil() {
        return sleepsUntil;
    }

    boolean isRunning() {
        return running;
    }

    // ---- the call ----------------------------------------------------------------------------------------------

    @Override
    public Answer answer(BodySource body) {
        world().require(!made, request + " is answered twice");
        made = true;
        begin();
        try {
            sleep(sleepNanos);
            if (reads != Reads.NOTHING) {
                read(body);
            }
            if (asksAnotherThread) {
                askAnotherThread();
            }
            if (fails == Fails.BEFORE) {
                throw new Planned("before the answer");
            }
            return answer();
        } catch (RefusedBodyException e) {
            return RefusalAnswer.of(e.refusal());
        } catch (IOException e) {
            throw new Planned("the client has gone: " + e.getMessage());
        } finally {
            end();
        }
    }

    /** The engine has chosen it for the request. */
    void taken() {
        dueAt = hasDeadline() ? threads.loopNow() + request.client.run().handlerNanos() : Scheduler.NEVER;
    }

    /** Returns whether the time that it may take is over. */
    boolean isOverdue() {
        return world().now() >= dueAt;
    }

    @Override
    public void abandon() {
        world().require(isOverdue() && !abandoned, request + " is abandoned without need");
        abandoned = true;
    }

    private void begin() {
        running = true;
        answering = true;
        if (blocking) {
            request.client.run().blockingCalls(1);
        }
        world().note("call", request.seed, 0);
        request.client.progress();
    }

    private void end() {
        running = false;
        answering = false;
        if (blocking) {
            request.client.run().blockingCalls(-1);
        }
        world().note("called", request.seed, 0);
        request.client.progress();
    }

    private void sleep(long nanos) {
        if (nanos > 0) {
            sleepsUntil = answering ? Math.min(world().now() + nanos, dueAt) : world().now() + nanos;
            boolean slept = threads.sleep(nanos);
            sleepsUntil = 0;
            request.client.progress();
            if (!slept && !stubborn) {
                throw new Planned("interrupted");
            }
        }
    }

    private void read(BodySource body) throws IOException {
        int limit = reads == Reads.PART ? choices.below(request.body.length + 1) : Integer.MAX_VALUE;
        byte[] buffer = new byte[1 + choices.size(20_000)];
        int total = 0;
        while (total < limit) {
            int n = body.read(buffer, 0, Math.min(buffer.length, limit - total));
            request.client.progress();
            if (n < 0) {
                world().require(total == request.body.length, request + ": the body has ended after " + total);
                world().require(body.read(buffer, 0, 1) < 0, request + ": something comes behind the end");
                world().require(List.of(request.trailers()).equals(body.trailers().all(SimRequest.TRAILER)),
                        request + ": its trailers are " + body.trailers().all(SimRequest.TRAILER));
                return;
            }
            for (int i = 0; i < n; i++) {
                world().require(total + i < request.body.length && buffer[i] == request.body[total + i],
                        request + ": another body came in");
            }
            total += n;
            if (blocking && choices.once(20)) {
                sleep(choices.below(2_000_000));
            }
        }
    }

    /** Lets another thread work out the answer, as a database's driver would. */
    private void askAnotherThread() {
        boolean[] known = new boolean[1];
        Thread self = Thread.currentThread();
        long takes = choices.below(50_000_000);
        sleepsUntil = Math.min(world().now() + takes, dueAt);
        world().start("helper-" + request.seed, () -> {
            threads.sleep(takes);
            known[0] = true;
            threads.unpark(self);
        });
        while (!known[0] && !Thread.currentThread().isInterrupted()) {
            threads.park(TimeUnit.SECONDS.toNanos(1));
        }
        sleepsUntil = 0;
        request.client.progress();
    }

    private Answer answer() {
        FieldSection fields = FieldSection.builder().add("X-Answer", String.valueOf(request.seed))
                .add("Content-Type", "text/plain").build();
        Content content = switch (kind) {
            case OCTETS -> new Content.Octets(SimFile.content(request.seed, length));
            case FILE -> new Content.FileRange(
                    Path.of("/", String.valueOf(request.seed), String.valueOf(badFile() ? -1 : 3 + length)), 3, length);
            case STREAM -> new Content.Streamed(Content.UNKNOWN_LENGTH, this::stream, trailerFields());
            case STREAM_OF_KNOWN_LENGTH -> new Content.Streamed(length, this::stream);
            case NO_CONTENT -> new Content.Octets(status == 304 ? new byte[10] : new byte[0]);
        };
        return new Answer(status, fields, content);
    }

    private Trailers trailerFields() {
        return !trailers ? Trailers.NONE : Trailers.NONE.with("X-Octets", () -> String.valueOf(streamed))
                .with("X-Left-Out", () -> null);
    }

    private void stream(OutputStream out) throws IOException {
        byte[] octets = SimFile.content(request.seed, length);
        int until = !failsInStream() ? length : choices.below(Math.max(1, length));
        int pieceMax = 1 + choices.size(20_000);
        running = true;
        request.client.run().blockingCalls(1);
        try {
            for (int at = 0; at < until;) {
                int n = Math.min(until - at, 1 + choices.below(pieceMax));
                out.write(octets, at, n);
                at += n;
                streamed = at;
                request.client.progress();
                if (choices.once(8)) {
                    out.flush();
                }
                if (choices.once(30)) {
                    sleep(choices.below(3_000_000));
                }
            }
            if (fails == Fails.BETWEEN) {
                throw new Planned("in the middle");
            }
        } finally {
            running = false;
            request.client.run().blockingCalls(-1);
        }
    }

    private SimWorld world() {
        return request.client.world();
    }

    @Override
    public String toString() {
        return (blocking ? "blocking" : "non-blocking") + " reads " + reads + " fails " + fails + " " + kind + " "
                + status + " " + length;
    }
}
