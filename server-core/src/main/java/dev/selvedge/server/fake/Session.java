package dev.selvedge.server.fake;

import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.Script.Choice;
import dev.selvedge.server.fake.wire.ExchangePlan;
import dev.selvedge.server.fake.wire.WireExchange;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A fake server's script and journal from one {@linkplain FakeServer#reset() reset} to the next. */
final class Session {

    private static final byte[] NOTHING = {};

    private final Script script = new Script();
    private final Journal journal;
    private final AtomicLong plans = new AtomicLong();
    private volatile Disturbance disturbance = Disturbance.NONE;
    private volatile boolean ended;

    /**
     * Begins one.
     *
     * @param clock by which those wait who ask the journal, or null for real time
     */
    Session(FakeClock clock) {
        journal = new Journal(clock);
    }

    Script script() {
        return script;
    }

    Journal journal() {
        return journal;
    }

    // ---- what is asked

    /**
     * Takes the next request, and waits for it.
     *
     * @param nothingArrived what to say where nothing has
     * @throws AssertionError if none arrives in time
     */
    RecordedRequest take(Duration time, Supplier<String> nothingArrived) {
        try {
            RecordedRequest request = journal.take(time.toNanos());
            if (request != null) {
                return request;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a request", e);
        }
        String waited = time.isZero() ? "" : " within " + Listing.seconds(time);
        String listing = journal.listing(request -> null);
        throw new AssertionError((journal.requests().isEmpty() ? "no request has arrived" + waited + ".\n"
                : "no further request has arrived" + waited + ": all have been taken.\n")
                + (listing.isEmpty() ? nothingArrived.get() : listing));
    }

    /**
     * Verifies that everything that was scripted has been used.
     *
     * @param nothingArrived what to say where nothing has
     */
    void assertNothingUnused(Supplier<String> nothingArrived) {
        List<String> unused = script.unused();
        if (!unused.isEmpty()) {
            String listing = journal.listing(request -> null);
            throw new AssertionError((unused.size() == 1 ? "one thing was" : unused.size() + " things were")
                    + " scripted and not used:\n  " + String.join("\n  ", unused) + "\n"
                    + (listing.isEmpty() ? nothingArrived.get() : listing));
        }
    }

    /** Verifies that every request has been answered as scripted. */
    void assertNoTroubles() {
        List<String> troubles = journal.troubles();
        if (!troubles.isEmpty()) {
            throw new AssertionError((troubles.size() == 1 ? "one request was" : troubles.size() + " requests were")
                    + " not answered as scripted.\n\n" + String.join("\n", troubles));
        }
    }

    /** Lets something go wrong with the exchanges that come, whatever they are answered with. */
    void disturb(Disturbance newDisturbance) {
        disturbance = newDisturbance;
    }

    // ---- its end

    /**
     * Ends scripting and waiting; what was recorded stays.
     *
     * @param why for whoever goes on to script
     */
    void end(String why) {
        ended = true;
        script.end(why);
        journal.close();
    }

    // ---- what is answered

    /**
     * Answers a request: chooses who does, early if something is to go wrong with the request itself, reads its body,
     * and records it.
     *
     * @throws IOException if the body can't be read
     */
    Response answer(Request request, WireExchange exchange) throws IOException {
        Disturbance disturbed = disturbance.next();
        long ordinal = plans.getAndIncrement();
        plan(exchange, FaultPlan.of(disturbed.faults(), disturbed.replacement(), ordinal));
        Choice.Answered early = script.chooseEarly(new RecordedRequest(request, exchange, NOTHING, false));
        if (early != null) {
            plan(exchange, early.reply().plan(disturbed, ordinal));
        }
        byte[] body;
        try {
            body = request.body().bytes();
        } catch (IOException e) {
            cut(request, exchange, early);
            throw e;
        }
        if (exchange.ended() != null) {     // all of it had come already when its fault was known
            cut(request, exchange, early);
            return Response.empty();        // to nobody
        }
        RecordedRequest recorded = new RecordedRequest(request, exchange, body, true);
        Journal.Entry entry = journal.add(recorded);
        return switch (early != null ? early : choose(recorded, entry)) {
            case Choice.Unmatched unmatched -> {
                journal.trouble(entry, "unmatched", unmatched.explanation());
                yield text(404, unmatched.explanation());
            }
            case Choice.Answered answered -> {
                journal.decided(entry, "answered by " + answered.by());     // before the client can see anything
                if (early == null) {
                    plan(exchange, answered.reply().plan(disturbed, ordinal));
                }
                if (exchange.ended() != null) {     // a rule that asks for the body was in the way of its fault
                    journal.decided(entry, "cut short by " + answered.by());
                    yield Response.empty();         // to nobody
                }
                yield answer(entry, answered);
            }
        };
    }

    private Choice choose(RecordedRequest request, Journal.Entry entry) {
        try {
            return script.choose(request);
        } catch (Throwable e) {
            journal.trouble(entry, "for which nobody was chosen: " + e, "Nobody was chosen to answer " + request + ": "
                    + e + "\n");
            throw e;
        }
    }

    private void cut(Request request, WireExchange exchange, Choice.Answered early) {
        journal.decided(journal.add(new RecordedRequest(request, exchange, NOTHING, false)),
                early == null ? "cut short" : "cut short by " + early.by());
    }

    private static void plan(WireExchange exchange, ExchangePlan plan) {
        if (!plan.equals(ExchangePlan.NONE)) {
            exchange.plan(plan);
        }
    }

    private Response answer(Journal.Entry entry, Choice.Answered answered) {
        try {
            Response response = answered.reply().handler().handle(answered.request());
            return response != null ? response : failed(entry, answered, new IllegalStateException("it returned null"));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return failed(entry, answered, e);
        }
    }

    private Response failed(Journal.Entry entry, Choice.Answered answered, Throwable why) {
        StringWriter stack = new StringWriter();
        why.printStackTrace(new PrintWriter(stack, true));
        String text = "The handler of " + answered.by() + " failed for " + entry.request() + ":\n\n" + stack;
        if (!ended) {               // at the end handlers are interrupted, which is no fault of theirs
            journal.trouble(entry, "for which the handler of " + answered.by() + " failed: " + why, text);
        }
        return text(500, text);
    }

    private static Response text(int status, String text) {
        return Response.text(text).withStatus(status);
    }
}
