package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.transport.memory.Actor;
import dev.selvedge.server.transport.memory.MemoryChannel;
import dev.selvedge.server.transport.memory.MemoryListener;
import dev.selvedge.server.transport.memory.MemoryPeer;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client of the simulation: it sends its requests cut anywhere, reads the answers, knows which ones are right, and
 * may misbehave at one moment of its life.
 */
final class SimClient implements Actor, MemoryPeer {

    /** What a client does when it has come to its moment. */
    enum Temper {
        /** Nothing: it sends and reads without delay, and closes when it has all its answers. */
        STEADY,
        /** It ends its sending side behind the last request. */
        ENDS,
        /** It ends its sending side anywhere. */
        CUTS,
        /** It sends no more. */
        STALLS,
        /** It sends so slowly that it must be cut off. */
        TRICKLES,
        /** It reads no more. */
        READS_NO_MORE,
        /** It resets the connection. */
        RESETS
    }

    /** A place in the octets to be sent that is not passed before answers have come. */
    private record Gate(int offset, int answers, boolean untilContinue) { }

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CONTINUE_PATIENCE_NANOS = 500 * MILLI;
    private static final long SYN_AGAIN_NANOS = 100 * MILLI;

    /** The port of the first client, which tells its number. */
    static final int FIRST_PORT = 20_000;

    private static final String ABORTED = "aborted";

    final int number;
    private final SimRun run;
    private final SimWorld world;
    private final MemoryListener listener;
    private final Temper temper;
    private final List<SimRequest> requests = new ArrayList<>();
    private final List<SimReply> replies = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final byte[] octets;
    private final int moment;
    private final int pieceMax;
    private final int delayNanosMax;
    private final boolean leavesWhenDone;
    private final SimReplyReader reader = new SimReplyReader(this::noContent, this::replied);
    private final byte[] scratch = new byte[70_000];

    private MemoryChannel channel;
    private long connectAt;
    private boolean connecting;
    private boolean momentHasCome;
    private long sendAt;
    private long readAt;
    private int sent;
    private int dispatched;
    private boolean continued;
    private long giveUpAt = Scheduler.NEVER;
    private boolean sendsNoMore;
    private boolean endedSending;
    private boolean gone;
    private boolean sawEnd;
    private boolean neglected;
    private boolean refused;
    private String reset;
    private byte[] eaten;
    private final SimRefusals refusals = new SimRefusals();
    private boolean closedByServer;
    private boolean closedInStop;
    private long lastProgress;
    private long trickledSince;
    private boolean onTrial = true;

    SimClient(SimRun run, int number, MemoryListener listener, Temper temper) {
        this.run = run;
        this.world = run.world();
        this.number = number;
        this.listener = listener;
        this.temper = temper;
        SimRandom random = world.random;
        int depth = random.any(1, 2, 100);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int count = 1 + random.size(random.any(1, 6, 12));
        for (int i = 0; i < count; i++) {
            SimRequest request = new SimRequest(this, i, random, run.threads());
            requests.add(request);
            gates.add(new Gate(all.size(), i - depth + 1, false));
            if (random.once(10)) {
                all.writeBytes(new byte[] {'\r', '\n'});
            }
            all.writeBytes(request.head);
            if (request.expectsContinue) {
                gates.add(new Gate(all.size(), i, true));
            }
            all.writeBytes(request.codedBody);
            ends.add(all.size());
        }
        this.octets = all.toByteArray();
        this.moment = random.below(octets.length + 1);
        this.pieceMax = random.any(1 + octets.length / 100, 1 + octets.length / 10, octets.length);
        this.delayNanosMax = random.any(1, 100_000, 2_000_000);
        this.leavesWhenDone = !random.once(4);
        this.connectAt = random.between(0, random.any(1, 100, 3_000) * MILLI);
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + number);
    }

    SimWorld world() {
        return world;
    }

    SimRun run() {
        return run;
    }

    // ---- what others tell --------------------------------------------------------------------------------------

    /** Returns the next request to be answered, which is the one with this target. */
    SimRequest dispatch(String target) {
        SimRequest request = requests.get(dispatched++);
        world.require(target.equals("/" + number + "/" + request.index), "the server has taken " + target
                + " where it should have taken " + request);
        return request;
    }

    /** The application is told that a request was refused. */
    void refusalTold(Refused refused) {
        int at = SimRequest.isLate(refused.refusal()) ? dispatched - 1 : dispatched;
        require(at >= 0 && at < requests.size(), "nothing was there to be refused: " + refused.refusal());
        int from = at == 0 ? 0 : ends.get(at - 1);
        String wrong = refusals.told(refused, at, Arrays.copyOfRange(octets, from, sent));
        require(wrong == null, wrong + ": " + refused.refusal());
        // Who is slow, does not take his 100 Continue or resets, may have sent what the server never came to read.
        boolean unread = momentHasCome
                && EnumSet.of(Temper.TRICKLES, Temper.READS_NO_MORE, Temper.RESETS).contains(temper);
        requests.get(at).checkRefused(refused, sent >= ends.get(at), unread);
        world.note(name(), refused.refusal().name(), at, 0);
    }

    @Override
    public void accepted(MemoryChannel with) {
        channel = with;
        run.accepted(with);
        lastProgress = world.now();
    }

    /** Then nothing else is expected of the server. */
    @Override
    public void neglected() {
        neglected = true;
    }

    @Override
    public void refused() {
        world.require(run.stopping(), "a connection is refused by a server that runs");
        refused = true;
        gone = true;
    }

    @Override
    public void closedByServer() {
        closedByServer = true;
        closedInStop = run.stopping();
    }

    @Override
    public void resetByServer(String why, byte[] unread) {
        if (!gone && !sawEnd) {
            eaten = unread;
            world.note(name(), "is reset: " + why, replies.size(), requests.size());
            reset = why;
            gone = true;
        }
    }

    @Override
    public boolean hasGone() {
        return gone;
    }

    /** Returns whether nothing is expected any more, of it or for it. */
    boolean isDone() {
        return gone || sawEnd && closedByServer || neglected || closedByServer && temper == Temper.READS_NO_MORE;
    }

    @Override
    public void progress() {
        lastProgress = world.now();
    }

    @Override
    public boolean isBusy() {
        return world.now() - lastProgress < 1_000 * MILLI;
    }

    // ---- what it does ------------------------------------------------------------------------------------------

    @Override
    public long due(long now) {
        if (gone) {
            return Scheduler.NEVER;
        }
        if (channel == null) {
            return connecting ? Scheduler.NEVER : connectAt;
        }
        return Math.min(sendDue(), readDue());
    }

    private long sendDue() {
        if (endedSending || sendsNoMore && temper != Temper.RESETS) {
            return Scheduler.NEVER;
        }
        if (sent == limit()) {
            return momentIsHere() || allIsDone() ? sendAt : closedGate() != null ? giveUpAt : Scheduler.NEVER;
        }
        return channel.roomIn() > 0 || closedByServer ? sendAt : Scheduler.NEVER;
    }

    private boolean momentIsHere() {
        return !momentHasCome && sent == moment && temper != Temper.STEADY && temper != Temper.ENDS;
    }

    private boolean allIsDone() {
        return sent == octets.length && temper == Temper.ENDS
                || replies.size() >= requests.size() && leavesWhenDone && temper == Temper.STEADY || sawEnd;
    }

    private long readDue() {
        boolean deaf = momentHasCome && temper == Temper.READS_NO_MORE;
        return !deaf && (channel.waiting() > 0 || channel.endReached() && !sawEnd) ? readAt : Scheduler.NEVER;
    }

    /** Returns how far it may send now. */
    private int limit() {
        Gate gate = closedGate();
        int limit = gate == null ? octets.length : gate.offset;
        return momentHasCome || temper == Temper.STEADY || temper == Temper.ENDS ? limit : Math.min(limit, moment);
    }

    private Gate closedGate() {
        while (!gates.isEmpty() && isOpen(gates.getFirst())) {
            gates.removeFirst();
            continued = false;
            giveUpAt = Scheduler.NEVER;
        }
        return gates.isEmpty() ? null : gates.getFirst();
    }

    private boolean isOpen(Gate gate) {
        return gate.untilContinue ? continued || replies.size() > gate.answers || world.now() >= giveUpAt
                : replies.size() >= gate.answers;
    }

    @Override
    public void act() {
        world.check(this::actNow);
    }

    private void actNow() {
        long now = world.now();
        if (channel == null) {
            connect(now);
            return;
        }
        boolean mayRead = readDue() <= now;
        boolean maySend = sendDue() <= now;
        if (mayRead && (!maySend || world.random.once(2))) {
            read();
        } else if (maySend) {
            send();
        }
    }

    private void connect(long now) {
        if (listener.connect(this)) {
            connecting = true;
            lastProgress = now;
            world.progress();
            world.note(name(), "connect", refused ? 0 : 1, 0);
        } else {
            connectAt = now + SYN_AGAIN_NANOS;
        }
    }

    private void send() {
        int limit = limit();
        sendAt = world.now() + world.random.below(delayNanosMax);
        if (sent < limit) {
            int most = momentHasCome && temper == Temper.TRICKLES ? 1 : 1 + world.random.below(pieceMax);
            int n = Math.min(limit - sent, closedByServer ? most : Math.min(most, channel.roomIn()));
            channel.arrive(octets, sent, n);
            sent += n;
            world.note(name(), "send", n, sent);
            progress();
            if (momentHasCome && temper == Temper.TRICKLES) {
                sendAt = world.now() + 1_000 * MILLI;
            } else if (sent == limit() && closedGate() != null && closedGate().untilContinue) {
                giveUpAt = world.now() + CONTINUE_PATIENCE_NANOS;
            }
        } else if (momentIsHere()) {
            misbehave();
        } else if (allIsDone()) {
            leave();
        }
    }

    private void misbehave() {
        momentHasCome = true;
        world.note(name(), temper.name(), sent, replies.size());
        switch (temper) {
            case CUTS -> endSending();
            case STALLS -> sendsNoMore = true;
            case TRICKLES -> trickledSince = world.now();
            case RESETS -> {
                gone = true;
                channel.resetArrives();
            }
            case READS_NO_MORE -> { }
            case STEADY, ENDS -> throw new IllegalStateException();
        }
    }

    private void leave() {
        endSending();
        if (temper == Temper.STEADY && (replies.size() >= requests.size() || sawEnd)) {
            judge();
            gone = true;
        }
    }

    private void endSending() {
        world.note(name(), "end", sent, replies.size());
        endedSending = true;
        channel.endArrives();
    }

    private void read() {
        readAt = world.now() + world.random.below(delayNanosMax);
        int n = Math.min(channel.waiting(), Math.min(scratch.length, 1 + world.random.size(scratch.length)));
        if (n > 0) {
            channel.take(scratch, 0, n);
            progress();
            try {
                reader.take(scratch, n);
            } catch (AssertionError e) {
                throw new AssertionError(this + ": " + e.getMessage(), e);
            }
            world.note(name(), "read", n, replies.size());
        }
        if (channel.endReached()) {
            sawEnd = true;
            world.note(name(), "sees the end", replies.size(), 0);
            reader.end();
        }
    }

    // ---- answers -----------------------------------------------------------------------------------------------

    private boolean noContent() {
        int at = replies.size();
        // Of a request line that was not even sent that far, the server can't know the method.
        int lineFrom = at == 0 ? 0 : ends.get(at - 1);
        int needed = lineFrom + (lineFrom < octets.length && octets[lineFrom] == '\r' ? 2 : 0) + "HEAD ".length();
        return at < requests.size() && requests.get(at).method.equals("HEAD") && sent >= needed;
    }

    private void replied(SimReply reply) {
        int at = replies.size();
        require(at < requests.size(), "an answer to no request: " + reply);
        require(at == 0 || !replies.getLast().closes(), "an answer behind the last one: " + reply);
        SimRequest request = requests.get(at);
        if (reply.status() < 200) {
            require(reply.status() == 100 && request.expectsContinue && !continued, "not asked for: " + reply);
            continued = true;
            return;
        }
        request.check(reply, sent >= ends.get(at), momentHasCome && temper == Temper.TRICKLES);
        require(!reply.closes() || request.mayEndBehind() || run.stopping() || endedSending || reply.status() != 200
                && reply.field("X-Answer") == null, "there is no reason to close behind " + request + ": " + reply);
        replies.add(reply);
        if (reply.closes() && world.random.once(2)) {
            sendsNoMore = true;
        }
    }

    // ---- what must hold ----------------------------------------------------------------------------------------

    /** Before nothing happens until a moment: has everybody done what can be expected of him until then? */
    void checkPatience(long until) {
        if (gone && channel == null || !connecting) {
            return;
        }
        if (channel == null) {
            require(until - Math.max(lastProgress, run.lastFull()) < 3_000 * MILLI, "it waits to be accepted in vain");
            return;
        }
        long quietSince = lastProgress;
        for (SimRequest request : requests) {
            quietSince = Math.max(quietSince, request.call.sleepsUntil());
        }
        long quiet = until - quietSince;
        boolean mine = due(world.now()) != Scheduler.NEVER;
        if (!mine && !closedByServer && isOwed()) {
            require(quiet < 1_000 * MILLI, "it waits in vain, with " + replies.size() + " answers");
        }
        require(closedByServer || quiet < 70_000 * MILLI, "its connection stays open for ever");
        if (temper == Temper.TRICKLES && momentHasCome && !closedByServer && !(replies.size() == requests.size())) {
            require(world.now() - trickledSince < 100_000 * MILLI, "it is served as slowly as it likes");
        }
    }

    /** Returns whether an answer, or the end, is owed to this client now, however it behaves. */
    private boolean isOwed() {
        if (gone || sawEnd || temper == Temper.READS_NO_MORE && momentHasCome) {
            return false;
        }
        boolean ended = !replies.isEmpty() && replies.getLast().closes();
        return ended || replies.size() < owed();
    }

    /** Returns how many answers are owed for what has been sent: those to complete requests. */
    private int owed() {
        int owed = 0;
        while (owed < requests.size() && sent >= ends.get(owed)) {
            owed++;
            if (requests.get(owed - 1).isLast()) {
                break;
            }
        }
        return owed;
    }

    /** At the end: was every request answered once, in order, or did the connection visibly end with a reason? */
    void judge() {
        if (!onTrial) {
            return;
        }
        onTrial = false;
        if (refused || neglected || channel == null) {
            return;
        }
        boolean listens = temper != Temper.RESETS && temper != Temper.READS_NO_MORE || !momentHasCome;
        if (!listens || run.killed()) {
            return;
        }
        boolean inStop = closedByServer ? closedInStop : run.stopping();
        takeEaten(inStop);
        int answered = replies.size();
        SimRequest last = answered == 0 ? null : requests.get(answered - 1);
        SimRequest current = answered < requests.size() ? requests.get(answered) : null;
        boolean cut = current != null && current.mayBeCut() && reset != null;
        boolean ended = last != null && (last.mayEndBehind() || replies.getLast().closes());
        require(cut || reader.betweenReplies(), "an answer is cut off");
        require(answered >= dispatched || cut, "a request that was taken is not answered");
        if (!inStop && !cut && !ended) {
            require(answered >= owed(), "not all is answered");
            require(reset == null || answered >= requests.size() || sent < ends.get(answered),
                    "the connection is reset for no reason");
        }
    }

    /**
     * Counts what a reset has eaten of answers that the server had handed to its system: a stop closes idle connections
     * at once, which resets those whose client sends again before it has read; and who cuts an answer off, resets.
     * Else a reset must not eat anything.
     */
    private void takeEaten(boolean inStop) {
        if (reset != null && (inStop || reset.equals(ABORTED))) {
            reader.take(eaten, eaten.length);
            if (!reset.equals(ABORTED)) {
                reader.end();
            }
        }
    }

    /** At the end, too: does what the client has read agree with what the application was told about refusals? */
    void judgeRefusals() {
        String wrong = refusals.judge(replies, sawEnd && reader.betweenReplies(), run.killed());
        require(wrong == null, wrong);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(this + ": " + otherwise);
        }
    }

    private String name() {
        return "client-" + number;
    }

    @Override
    public String toString() {
        return name() + " (" + temper + " at " + moment + ", sent " + sent + " of " + octets.length + ", "
                + replies.size() + " answers, " + dispatched + " taken" + (reset != null ? ", reset: " + reset : "")
                + (sawEnd ? ", saw the end" : "") + (closedByServer ? ", closed by the server" : "") + ") " + requests;
    }
}
