package dev.selvedge.server.fake;

import dev.selvedge.server.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** What a test has told its fake server to answer: rules and a queue. Its lock guards both. */
final class Script {

    private final List<Rule> rules = new ArrayList<>();
    private final Deque<Queued> queue = new ArrayDeque<>();

    /** What answers when nothing else does, or null. */
    private Reply otherwise;

    /** Why nothing can be scripted any more, or null while it can. */
    private String end;

    synchronized Rule add(Conditions conditions) {
        requireOpen();
        Rule rule = new Rule(this, conditions);
        rules.addFirst(rule);
        return rule;
    }

    synchronized void enqueue(Reply reply) {
        requireOpen();
        queue.add(new Queued(reply, Place.ofCaller()));
    }

    synchronized void otherwise(Reply reply) {
        requireOpen();
        otherwise = reply;
    }

    private synchronized Reply otherwise() {
        return otherwise;
    }

    /** Ends scripting; the first reason is the one that is told. */
    synchronized void end(String why) {
        if (end == null) {
            end = why;
        }
    }

    synchronized void requireOpen() {
        if (end != null) {
            throw new IllegalStateException(end);
        }
    }

    private synchronized List<Rule> rules() {
        return List.copyOf(rules);
    }

    private synchronized Queued poll() {
        return queue.poll();
    }

    /** Chooses who answers a request: the first rule that fits, the queue, what answers otherwise, or nobody. */
    Choice choose(RecordedRequest request) {
        List<Missed> missed = new ArrayList<>();
        for (Rule rule : rules()) {
            Conditions.Match match = rule.conditions().match(request);     // a test's code: never under the lock
            if (match.fits()) {
                Reply reply = rule.take();
                if (reply != null) {
                    return answered(rule, reply, match);
                }
                missed.add(new Missed(rule, List.of(String.valueOf(rule.exhaustion())), match.likeness() + 1));
            } else {
                missed.add(new Missed(rule, match.misses(), match.likeness()));
            }
        }
        Queued queued = poll();
        if (queued != null) {
            return answered(queued, request);
        }
        Reply last = otherwise();
        return last == null ? new Choice.Unmatched(explanation(request, missed))
                : new Choice.Answered(last, request.request(), "what answers otherwise");
    }

    /**
     * Chooses who answers a request of which only the head has come, if that is a reply with a fault of the request
     * itself; else nothing is taken, and there is time.
     *
     * @return the choice, or null to choose when the request is whole
     */
    synchronized Choice.Answered chooseEarly(RecordedRequest head) {
        for (Rule rule : rules) {
            Reply reply = rule.peek();
            if (reply == null) {
                continue;
            }
            if (!rule.conditions().ofHead()) {
                if (rule.conditions().fitsHead(head)) {
                    return null;
                }
                continue;
            }
            Conditions.Match match = rule.conditions().match(head);     // none of a test's code, so it is quick
            if (match.fits()) {
                return reply.faultOfRequest() == null ? null : answered(rule, rule.take(), match);
            }
        }
        Queued first = queue.peek();
        return first == null || first.reply().faultOfRequest() == null ? null : answered(queue.poll(), head);
    }

    private static Choice.Answered answered(Rule rule, Reply reply, Conditions.Match match) {
        return new Choice.Answered(reply, match.routed(), "the rule for " + rule + " (" + rule.place() + ")");
    }

    private static Choice.Answered answered(Queued queued, RecordedRequest request) {
        return new Choice.Answered(queued.reply(), request.request(), "the queue (" + queued.place() + ")");
    }

    private static String explanation(RecordedRequest request, List<Missed> missed) {
        StringBuilder text = new StringBuilder("Nothing answers " + request + ": ");
        text.append(missed.isEmpty() ? "there is no rule" : missed.size() == 1 ? "the only rule does not fit"
                : "none of the " + missed.size() + " rules fits").append(", and the queue is empty.\n");
        missed.sort(Comparator.comparingDouble(Missed::likeness).reversed());
        for (Missed one : missed) {
            text.append("\n  ").append(one.rule().conditions()).append(" (").append(one.rule().place()).append(")\n");
            one.reasons().forEach(reason -> text.append("    - ").append(reason).append('\n'));
        }
        return text.toString();
    }

    /** Returns what was never used, a line each. */
    synchronized List<String> unused() {
        List<String> unused = new ArrayList<>();
        for (Rule rule : rules.reversed()) {
            String what = rule.unused();
            if (what != null) {
                unused.add("the rule for " + rule.conditions() + " (" + rule.place() + ") " + what);
            }
        }
        for (Queued queued : queue) {
            unused.add("in the queue is still " + queued.reply() + " (" + queued.place() + ")");
        }
        return unused;
    }

    /** Who answers a request. */
    sealed interface Choice {

        /**
         * Somebody does.
         *
         * @param reply the answer
         * @param request the request with its path parameters
         * @param by who that is, for messages
         */
        record Answered(Reply reply, Request request, String by) implements Choice { }

        /**
         * Nobody does.
         *
         * @param explanation why, rule by rule
         */
        record Unmatched(String explanation) implements Choice { }
    }

    private record Queued(Reply reply, String place) { }

    private record Missed(Rule rule, List<String> reasons, double likeness) { }
}
