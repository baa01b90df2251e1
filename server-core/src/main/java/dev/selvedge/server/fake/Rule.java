package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A rule of a {@link FakeServer}: which requests it is for, and what they are answered with. Made by
 * {@link FakeServer#on(String, String)}; first its conditions are given, then its replies.
 *
 * <pre>{@code
 * server.on("GET", "/users/{id}").header("Accept", "application/json").respond(Response.json("{}"));
 * server.on("POST", "/orders").respond(Response.error(503)).times(2).then(Response.created("/orders/1"));
 * }</pre>
 *
 * <p>With several replies, each answers one request, and the last one all further ones; {@link #times} says how many
 * instead. A rule whose replies have all been given is passed over.
 */
public final class Rule {

    private final Script script;
    private final String place;
    private final List<Step> steps = new ArrayList<>();
    private volatile Conditions conditions;
    private long answered;

    Rule(Script script, Conditions conditions) {
        this.script = script;
        this.conditions = conditions;
        this.place = Place.ofCaller();
    }

    /**
     * Asks for a header line.
     *
     * @param name its name, in any case
     * @param value its whole value, with case; of several lines with that name one must have it
     * @return this rule
     * @throws IllegalArgumentException if no request could have such a line
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule header(String name, String value) {
        return and(Condition.header(name, value));
    }

    /**
     * Asks for a parameter in the query.
     *
     * @param name its decoded name
     * @param value its decoded value; of several with that name one must have it
     * @return this rule
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule query(String name, String value) {
        return and(Condition.query(name, value));
    }

    /**
     * Asks for a body.
     *
     * @param predicate is given the body as text; what it throws counts as no
     * @return this rule
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule body(Predicate<String> predicate) {
        return and(Condition.body(predicate));
    }

    /**
     * Asks for anything else.
     *
     * @param description what is asked, for messages: {@code "a token that is valid"}
     * @param predicate is given the request, which is recorded only afterwards; what it throws counts as no
     * @return this rule
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule where(String description, Predicate<RecordedRequest> predicate) {
        return and(Condition.where(description, predicate));
    }

    private Rule and(Condition condition) {
        synchronized (script) {
            if (!steps.isEmpty()) {
                throw new IllegalStateException("the rule for " + this + " has a reply already; its conditions come"
                        + " before respond(...)");
            }
            conditions = conditions.and(condition);
        }
        return this;
    }

    /**
     * Gives the first reply.
     *
     * @param reply what requests are answered with
     * @return this rule
     * @throws IllegalArgumentException if it has a fault of the request, and the rule asks for the body
     * @throws IllegalStateException if the rule has a reply already; {@link #then(Reply)} adds further ones
     */
    public Rule respond(Reply reply) {
        return add(reply, true);
    }

    /**
     * Gives the first reply, as {@link #respond(Reply)} does.
     *
     * @param response what requests are answered with
     * @return this rule
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule respond(Response response) {
        return add(Reply.of(response), true);
    }

    /**
     * Gives the first reply, as {@link #respond(Reply)} does.
     *
     * @param handler makes the responses
     * @return this rule
     * @throws IllegalStateException if the rule has a reply already
     */
    public Rule respond(Handler handler) {
        return add(Reply.of(handler), true);
    }

    /**
     * Adds a reply for the requests that come after those of the replies before.
     *
     * @param reply what they are answered with
     * @return this rule
     * @throws IllegalArgumentException if it has a fault of the request, and the rule asks for the body
     * @throws IllegalStateException if the rule has no reply yet; {@link #respond(Reply)} gives the first one
     */
    public Rule then(Reply reply) {
        return add(reply, false);
    }

    /**
     * Adds a reply, as {@link #then(Reply)} does.
     *
     * @param response what they are answered with
     * @return this rule
     * @throws IllegalStateException if the rule has no reply yet
     */
    public Rule then(Response response) {
        return add(Reply.of(response), false);
    }

    /**
     * Adds a reply, as {@link #then(Reply)} does.
     *
     * @param handler makes the responses
     * @return this rule
     * @throws IllegalStateException if the rule has no reply yet
     */
    public Rule then(Handler handler) {
        return add(Reply.of(handler), false);
    }

    private Rule add(Reply reply, boolean first) {
        Objects.requireNonNull(reply, "reply");
        synchronized (script) {
            script.requireOpen();
            if (first != steps.isEmpty()) {
                throw new IllegalStateException(first
                        ? "the rule for " + this + " has a reply already; then(...) adds a further one"
                        : "the rule for " + this + " has no reply yet; respond(...) gives the first one");
            }
            requireInTime(reply);
            steps.add(new Step(reply));
        }
        return this;
    }

    private void requireInTime(Reply reply) {
        if (reply.faultOfRequest() != null && !conditions.ofHead()) {
            throw new IllegalArgumentException("the fault \"" + reply.faultOfRequest().name() + "\" begins before the"
                    + " request has come whole, so the rule for " + this + " can't ask for more than its head: leave out"
                    + " body(...) and where(...)");
        }
    }

    /**
     * Says how many requests the reply before this call is for.
     *
     * @param number at least 1
     * @return this rule
     * @throws IllegalArgumentException if the number is less than 1
     * @throws IllegalStateException if there is no reply before, or its number has been given
     */
    public Rule times(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("a reply is given at least 1 time, not " + number);
        }
        synchronized (script) {
            if (steps.isEmpty() || steps.getLast().limit > 0) {
                throw new IllegalStateException(steps.isEmpty()
                        ? "times(...) comes behind the reply that it is about: respond(...).times(" + number + ")"
                        : "the reply before has times(" + steps.getLast().limit + ") already");
            }
            steps.getLast().limit = number;
        }
        return this;
    }

    /**
     * Says that the reply before this call is for one request.
     *
     * @return this rule
     * @throws IllegalStateException as for {@link #times}
     */
    public Rule once() {
        return times(1);
    }

    /**
     * Returns how many requests this rule has answered.
     *
     * @return at least 0
     */
    public long answered() {
        synchronized (script) {
            return answered;
        }
    }

    Conditions conditions() {
        return conditions;
    }

    String place() {
        return place;
    }

    /** Takes the reply for one more request, or null if all have been given. */
    Reply take() {
        synchronized (script) {
            Step step = next();
            if (step == null) {
                return null;
            }
            step.given++;
            answered++;
            return step.reply;
        }
    }

    /** Returns the reply for one more request without taking it, or null if all have been given. */
    Reply peek() {
        synchronized (script) {
            Step step = next();
            return step == null ? null : step.reply;
        }
    }

    private Step next() {
        for (Step step : steps) {
            if (step.given < limitOf(step)) {
                return step;
            }
        }
        return null;
    }

    private long limitOf(Step step) {
        return step.limit > 0 ? step.limit : step == steps.getLast() ? Long.MAX_VALUE : 1;
    }

    /** Returns why it answers nothing (more), or null if it would. */
    String exhaustion() {
        synchronized (script) {
            if (steps.isEmpty()) {
                return "this rule has no reply: call respond(...)";
            }
            Step last = steps.getLast();
            return last.given < limitOf(last) ? null
                    : "this rule has answered its " + Listing.count(answered, "request") + " already";
        }
    }

    /** Returns what of it has never been used, or null if all has. */
    String unused() {
        synchronized (script) {
            if (steps.isEmpty()) {
                return "has no reply: call respond(...)";
            }
            if (answered == 0) {
                return "was never used";
            }
            for (Step step : steps) {
                if (step.given < Math.max(1, step.limit)) {
                    return "has given " + step.reply + " " + step.given + " of " + Listing.times(Math.max(1, step.limit));
                }
            }
            return null;
        }
    }

    /** Returns what it is for. */
    @Override
    public String toString() {
        return conditions.toString();
    }

    /** A reply and how often it has been given. */
    private static final class Step {

        private final Reply reply;
        private int limit;
        private long given;

        Step(Reply reply) {
            this.reply = reply;
        }
    }
}
