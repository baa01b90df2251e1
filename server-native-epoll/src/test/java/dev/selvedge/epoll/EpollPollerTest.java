package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.epoll.ScriptedKernel.Event;
import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.SockaddrIn;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpollPollerTest {

    private static final int EPOLL = 100;
    private static final int WAKE = 101;
    private static final int WAITS = -1;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final KernelPool pool = kernel.pool();
    private final List<String> told = new ArrayList<>();

    /** Opening. */

    @ParameterizedTest
    @ValueSource(strings = {"epoll_create1", "eventfd", "epoll_ctl"})
    void aStepThatFailsLeavesNoDescriptorAndSaysWhy(String call) {
        for (int errno : ScriptedKernel.errnos()) {
            ScriptedKernel failing = new ScriptedKernel().script(call, -errno);
            IOException e = assertThrows(IOException.class, () -> EpollPoller.open(failing.pool()));
            assertEquals(Set.of(), failing.open());
            assertEquals("cannot make the poller of an event loop: " + call + " answered " + Errno.describe(errno),
                    e.getMessage());
        }
    }

    @Test
    void theEventfdIsEdgeTriggered() throws IOException {
        EpollPoller.open(pool);
        assertEquals(List.of("epoll_ctl 100 1 101 80000001"), kernel.calls("epoll_ctl")); // ADD, IN | ET
    }

    /** Adding. */

    @Test
    void aConnectionIsAddedOnceForEverything() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel channel = channel();
        assertEquals(0, poller.add(channel, tell("a")));
        channel.close();

        assertEquals("epoll_ctl 100 1 102 80002005", kernel.calls("epoll_ctl").getLast()); // IN | OUT | RDHUP | ET
        assertEquals(2, kernel.calls("epoll_ctl").size(), "close(2) takes it out");
    }

    @Test
    void aListenerIsAddedForReading() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        assertEquals(0, poller.add(new EpollListener(pool, 50, new SockaddrIn(80, 1)), tell("a")));
        assertEquals("epoll_ctl 100 1 50 80000001", kernel.calls("epoll_ctl").getLast());
    }

    static List<Integer> errnos() {
        return ScriptedKernel.errnos();
    }

    @ParameterizedTest
    @MethodSource("errnos")
    void aFailureToAddIsAnAnswerAndTakesNoSlot(int errno) throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel refused = channel();
        kernel.script("epoll_ctl", -errno);
        assertEquals(-errno, poller.add(refused, tell("refused")));
        refused.close();

        poller.poll(0);
        add(poller, "next");
        assertEquals(0, (int) kernel.word(103), "slot 0 is lost");
    }

    @Test
    void strangersAreRefused() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        assertThrows(IllegalArgumentException.class, () -> poller.add(stranger(Channel.class), tell("a")));
        assertThrows(IllegalArgumentException.class, () -> poller.add(stranger(Listener.class), tell("a")));
    }

    /** Polling. */

    @ParameterizedTest
    @CsvSource({"-1, -1", "-9223372036854775808, -1", "0, 0", "1, 1", "999999, 1", "1000000, 1", "1000001, 2",
        "2147483647000000, 2147483647", "9223372036854775807, 2147483647"})
    void timesAreRoundedUpToMilliseconds(long nanos, int millis) throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        poller.poll(nanos);
        assertEquals(List.of("epoll_wait 100 " + millis), kernel.calls("epoll_wait"));
    }

    @ParameterizedTest
    @CsvSource({
        "0x1,    1", // IN: readable
        "0x4,    2", // OUT: writable
        "0x5,    3",
        "0x2001, 5", // IN, RDHUP: readable, hang-up
        "0x2000, 5",
        "0x8,    7", // ERR: everything
        "0x10,   7", // HUP: everything
        "0x201d, 7",
    })
    void eventsBecomeReadiness(String events, int readiness) {
        assertEquals(readiness, EpollPoller.readiness(Integer.decode(events)));
        assertEquals(3, Readiness.READABLE | Readiness.WRITABLE);
        assertEquals(4, Readiness.HANG_UP);
    }

    @Test
    void eachTargetOfABatchIsToldOnce() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel one = add(poller, "one");
        EpollChannel two = add(poller, "two");
        kernel.events(event(two, Linux.EPOLLOUT), event(one, Linux.EPOLLIN));

        assertEquals(2, poller.poll(WAITS));
        assertEquals(List.of("two 2", "one 1"), told);
    }

    @Test
    void anInterruptionCountsAsZero() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        kernel.script("epoll_wait", -Errno.EINTR);
        assertEquals(0, poller.poll(WAITS));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EBADF, Errno.EINVAL, Errno.ENOMEM})
    void anyOtherFailureOfWaitingIsAnAnswer(int errno) throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        kernel.script("epoll_wait", -errno);
        assertEquals(-errno, poller.poll(WAITS));
    }

    @Test
    void aTargetClosedEarlierInTheBatchIsNotTold() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel victim = channel();
        EpollChannel killer = channel();
        poller.add(victim, tell("victim"));
        poller.add(killer, readiness -> victim.close());
        kernel.events(event(killer, Linux.EPOLLIN), event(victim, Linux.EPOLLIN));

        assertEquals(1, poller.poll(WAITS));
        assertEquals(List.of(), told);
    }

    @Test
    void aTargetMayCloseItself() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel channel = channel();
        poller.add(channel, readiness -> channel.close());
        kernel.events(event(channel, Linux.EPOLLIN));
        assertEquals(1, poller.poll(WAITS));
    }

    /** Within one batch: a connection closes, a new one takes its descriptor number, and then its event is read. */
    @Test
    void anOldEventOfTheSameBatchDoesNotReachANewConnection() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel old = channel();
        EpollChannel killer = channel();
        poller.add(old, tell("old"));
        poller.add(killer, readiness -> {
            old.close();
            add(poller, "new");
        });
        kernel.events(event(killer, Linux.EPOLLIN), event(old, Linux.EPOLLIN));

        poller.poll(WAITS);
        assertEquals(List.of(), told);
    }

    /** A close is late when another owner is in a call: the kernel may report the connection once more. */
    @Test
    void anOldEventOfALaterBatchDoesNotReachTheNextUserOfItsSlot() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel old = add(poller, "old");
        Event stale = event(old, Linux.EPOLLIN);
        old.close();
        poller.poll(0);
        EpollChannel next = add(poller, "next");
        Event fresh = event(next, Linux.EPOLLIN);
        assertEquals((int) stale.data(), (int) fresh.data(), "the slot is meant to be used again");

        kernel.events(stale, fresh);
        assertEquals(1, poller.poll(WAITS));
        assertEquals(List.of("next 1"), told);
    }

    /** Waking up. */

    @Test
    void aSleepingLoopIsWokenByOneWrite() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        kernel.at("epoll_wait", () -> {
            poller.wakeUp();
            poller.wakeUp();
            poller.wakeUp();
        }).events(new Event(Linux.EPOLLIN, kernel.word(WAKE)));

        assertEquals(0, poller.poll(WAITS), "a wake-up is nobody's readiness");
        assertEquals(List.of("write 101 1"), kernel.calls("write"));
    }

    @Test
    void aRunningLoopIsWokenWithoutASystemCall() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        poller.wakeUp();

        poller.poll(WAITS);
        poller.poll(WAITS);
        assertEquals(List.of("epoll_wait 100 0", "epoll_wait 100 -1"), kernel.calls("epoll_wait"));
        assertEquals(List.of(), kernel.calls("write"));
    }

    @Test
    void aWakeUpFromATargetIsForTheNextPoll() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel channel = channel();
        poller.add(channel, readiness -> poller.wakeUp());
        kernel.events(event(channel, Linux.EPOLLIN));

        poller.poll(WAITS);
        poller.poll(WAITS);
        assertEquals(List.of("epoll_wait 100 -1", "epoll_wait 100 0"), kernel.calls("epoll_wait"));
    }

    @Test
    void eachSleepCanBeWoken() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        for (int i = 1; i <= 3; i++) {
            kernel.at("epoll_wait", poller::wakeUp);
            poller.poll(WAITS);
            assertEquals(i, kernel.calls("write").size());
        }
    }

    @Test
    void anInterruptedWakeUpIsRepeated() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        kernel.script("write", -Errno.EINTR).at("epoll_wait", poller::wakeUp);
        poller.poll(WAITS);
        assertEquals(2, kernel.calls("write").size());
    }

    @Test
    void aWakeUpAfterClosingWritesNothing() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        poller.close();
        poller.wakeUp();
        poller.wakeUp();
        assertEquals(List.of(), kernel.calls("write"));
    }

    /** The waker is late: the loop slept when it looked, and has ended when it writes. */
    @Test
    void aPollerThatIsClosedInTheMiddleOfAWakeUpLeavesTheEventfdToTheWaker() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        kernel.at("write", () -> {
            poller.close();
            assertTrue(kernel.open().contains(WAKE), "closed under the write");
        });
        kernel.at("epoll_wait", poller::wakeUp);

        poller.poll(WAITS);
        assertEquals(Set.of(), kernel.open());
    }

    /** Later still: it writes nothing, for the number may be another file's. */
    @Test
    void aPollerThatIsClosedBeforeTheWakersWriteIsNotWrittenTo() throws IOException {
        ScriptedKernel lent = new ScriptedKernel();
        Deque<Supplier<Kernel>> made = new ArrayDeque<>();
        KernelPool two = new KernelPool(() -> made.remove().get());
        made.add(() -> kernel);
        EpollPoller poller = EpollPoller.open(two);
        made.add(() -> {
            poller.close();
            return lent;
        });
        kernel.at("epoll_wait", poller::wakeUp);

        poller.poll(WAITS);
        assertEquals(List.of(), lent.calls());
        assertEquals(Set.of(), kernel.open());
    }

    /** Closing. */

    @Test
    void closingGivesEverythingBackOnce() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        poller.close();
        poller.close();
        assertEquals(List.of("close " + EPOLL, "close " + WAKE), kernel.calls("close"));
    }

    @Test
    void aClosedPollerTouchesNoDescriptor() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        poller.close();
        assertEquals(-Errno.EBADF, poller.poll(WAITS));
        assertEquals(-Errno.EBADF, poller.add(channel(), tell("a")));
        assertEquals(List.of(), kernel.calls("epoll_wait"));
    }

    @Test
    void aChannelMayOutliveItsPoller() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        EpollChannel channel = add(poller, "a");
        poller.close();
        assertEquals(5, channel.write(new byte[5], 0, 5));
        channel.close();
        assertEquals(Set.of(), kernel.open());
    }

    private EpollChannel channel() {
        return new EpollChannel(pool, kernel.socket(0, 0, 0), new SockaddrIn(1, 1), new SockaddrIn(2, 2));
    }

    private EpollChannel add(EpollPoller poller, String name) {
        EpollChannel channel = channel();
        assertEquals(0, poller.add(channel, tell(name)));
        return channel;
    }

    private ReadinessTarget tell(String name) {
        return readiness -> told.add(name + " " + readiness);
    }

    /** Channels are made after the poller, whose descriptors are 100 and 101. */
    private Event event(EpollChannel channel, int bits) {
        return new Event(bits, kernel.word(fdOf(channel)));
    }

    private int fdOf(EpollChannel channel) {
        int before = kernel.calls().size();
        channel.shutdownOutput();
        return Integer.parseInt(kernel.calls().get(before).split(" ")[1]);
    }

    private static <T> T stranger(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals("toString") ? "a stranger" : null));
    }
}
