package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linger;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.Statx;
import dev.selvedge.epoll.kernel.SockaddrIn;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpollChannelTest {

    private static final int STAGE = Kernel.TRANSFER_MAX_BYTES;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final KernelPool pool = kernel.pool();
    private final int fd = kernel.socket(0, 0, 0);
    private final EpollChannel channel =
            new EpollChannel(pool, fd, new SockaddrIn(40000, 0x0a000001), new SockaddrIn(80, 0x7f000001));

    /** Each operation that a channel's owner may do, by its system call. */
    private long operate(String call) {
        return switch (call) {
            case "recv" -> channel.read(new byte[10], 0, 10);
            case "send" -> channel.write(new byte[10], 0, 10);
            case "sendfile" -> channel.sendFile(file(), 0, 10);
            case "shutdown" -> channel.shutdownOutput();
            default -> throw new IllegalArgumentException(call);
        };
    }

    private EpollFile file() {
        return new EpollFile(pool, kernel.open(new byte[0], 0), new Statx(), "file");
    }

    static List<Integer> errnosOfAConnection() {
        return ScriptedKernel.errnos().stream().filter(errno -> errno != Errno.EINTR && errno != Errno.ENOSYS).toList();
    }

    @ParameterizedTest
    @MethodSource("errnosOfAConnection")
    void anErrorIsAnAnswer(int errno) {
        for (String call : List.of("recv", "send", "sendfile", "shutdown")) {
            kernel.script(call, -errno);
            assertEquals(-errno, operate(call), call);
            assertEquals(1, kernel.calls(call).size(), call);
        }
        assertFalse(kernel.wasClosed(fd), "who owns it closes it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "send", "sendfile"})
    void anInterruptionIsRetried(String call) {
        kernel.script(call, -Errno.EINTR, -Errno.EINTR, 3);
        assertEquals(3, operate(call));
        assertEquals(3, kernel.calls(call).size());
    }

    @Test
    void aReadIsOneCall() {
        byte[] dst = new byte[20];
        kernel.script("recv", 2);

        assertEquals(2, channel.read(dst, 5, 10));
        assertEquals(List.of("recv " + fd + " 10"), kernel.calls("recv"));
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 1, 2, 0}, Arrays.copyOf(dst, 8));
    }

    @Test
    void theEndOfInputIsZero() {
        kernel.script("recv", 0);
        assertEquals(0, channel.read(new byte[10], 0, 10));
    }

    @Test
    void aLargeReadGoesOnUntilItIsFull() {
        byte[] dst = new byte[2 * STAGE + 100];
        assertEquals(dst.length, channel.read(dst, 0, dst.length));
        assertEquals(List.of("recv " + fd + " " + STAGE, "recv " + fd + " " + STAGE, "recv " + fd + " 100"),
                kernel.calls("recv"));
        assertEquals(1, dst[2 * STAGE], "put at the wrong place");
    }

    @Test
    void aLargeReadEndsAtAShortOne() {
        kernel.script("recv", STAGE, 7);
        assertEquals(STAGE + 7, channel.read(new byte[4 * STAGE], 0, 4 * STAGE));
        assertEquals(2, kernel.calls("recv").size());
    }

    /** The error or the end behind bytes comes again at the next call; the bytes would not. */
    @ParameterizedTest
    @ValueSource(ints = {0, -Errno.EAGAIN, -Errno.ECONNRESET, -Errno.ENOMEM})
    void whatComesBehindBytesWaitsForTheNextRead(int second) {
        kernel.script("recv", STAGE, second);
        assertEquals(STAGE, channel.read(new byte[2 * STAGE], 0, 2 * STAGE));
        assertEquals(2, kernel.calls("recv").size());
    }

    @Test
    void anInterruptionInTheMiddleOfALargeReadIsRetried() {
        kernel.script("recv", STAGE, -Errno.EINTR, 5);
        assertEquals(STAGE + 5, channel.read(new byte[2 * STAGE], 0, 2 * STAGE));
    }

    @Test
    void aWriteIsOneCallWithoutASignal() {
        kernel.script("send", 4);
        assertEquals(4, channel.write(new byte[10], 2, 8));
        assertEquals(List.of("send " + fd + " 8 " + Linux.MSG_NOSIGNAL), kernel.calls("send"));
    }

    /** Linux holds a segment back that is not full, until shutdown or close sends it together with the FIN. */
    @Test
    void theLastWriteSaysThatMoreFollows() {
        kernel.script("send", 4);
        assertEquals(4, channel.writeLast(new byte[10], 2, 8));
        assertEquals(List.of("send " + fd + " 8 " + (Linux.MSG_NOSIGNAL | Linux.MSG_MORE)), kernel.calls("send"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, 5", "5, 6", "11, 1", "0, -1"})
    void aBadRangeIsRefusedBeforeAnyCall(int from, int length) {
        byte[] bytes = new byte[10];
        assertThrows(RuntimeException.class, () -> channel.read(bytes, from, length));
        assertThrows(RuntimeException.class, () -> channel.write(bytes, from, length));
        assertThrows(RuntimeException.class, () -> channel.writeLast(bytes, from, length));
        assertEquals(List.of(), kernel.calls("recv"));
        assertEquals(List.of(), kernel.calls("send"));
    }

    @Test
    void aFileIsSentInBoundedParts() {
        EpollFile file = file();
        assertEquals(EpollChannel.SENDFILE_MAX_BYTES, channel.sendFile(file, 5, Long.MAX_VALUE));
        assertEquals(List.of("sendfile " + fd + " 101 5 " + EpollChannel.SENDFILE_MAX_BYTES),
                kernel.calls("sendfile"));
    }

    @Test
    void theEndOfAFileIsZero() {
        kernel.script("sendfile", 0);
        assertEquals(0, channel.sendFile(file(), 1000, 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.ENOSYS})
    void aFileThatCanNotBeSentIsToBeCopied(int errno) {
        kernel.script("sendfile", -errno);
        assertEquals(-Errno.EINVAL, channel.sendFile(file(), 0, 10));
    }

    @Test
    void somebodyElsesFileIsToBeCopied() {
        FileSource foreign = new FileSource() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public int read(long position, byte[] dst, int from, int length) {
                return 0;
            }

            @Override
            public void close() { }
        };
        assertEquals(-Errno.EINVAL, channel.sendFile(foreign, 0, 10));
    }

    @Test
    void aClosedFileIsNotSent() {
        EpollFile file = file();
        file.close();
        assertEquals(-Errno.EBADF, channel.sendFile(file, 0, 10));
        assertEquals(List.of(), kernel.calls("sendfile"));
    }

    @Test
    void onlyTheSendingSideIsShutDown() {
        assertEquals(0, channel.shutdownOutput());
        assertEquals(List.of("shutdown " + fd + " " + Linux.SHUT_WR), kernel.calls("shutdown"));
    }

    @Test
    void closingIsOneCall() {
        int before = kernel.calls().size();
        channel.close();
        channel.close();
        channel.abort();
        assertEquals(List.of("close " + fd), kernel.calls().subList(before, kernel.calls().size()));
    }

    /** close(2): on Linux the number is released already. A second call could close somebody else's file. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.EIO})
    void closeIsNeverRetried(int errno) {
        kernel.script("close", -errno);
        channel.close();
        assertEquals(1, kernel.calls("close").size());
    }

    @Test
    void abortResetsTheConnection() {
        int before = kernel.calls().size();
        channel.abort();
        channel.abort();
        assertEquals(List.of("setsockopt " + fd + " 1 13 " + Linger.RESET, "close " + fd), // SOL_SOCKET, SO_LINGER
                kernel.calls().subList(before, kernel.calls().size()));
    }

    @Test
    void abortClosesEvenIfItCanNotReset() {
        kernel.script("setsockopt", -Errno.ENOMEM);
        channel.abort();
        assertTrue(kernel.wasClosed(fd));
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "send", "sendfile", "shutdown"})
    void aClosedChannelTouchesNoDescriptor(String call) {
        channel.close();
        assertEquals(-Errno.EBADF, operate(call));
        assertEquals(List.of(), kernel.calls(call));
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "send", "sendfile", "shutdown"})
    void onTheLoopAClosedChannelTouchesNoDescriptorEither(String call) throws IOException {
        addToAPollerOfThisThread();
        channel.close();
        assertEquals(-Errno.EBADF, operate(call));
        assertEquals(List.of(), kernel.calls(call));
    }

    /**
     * The loop closes while another owner is in the middle of a call: the number must stay until the call is over, for
     * else the next connection may get it, and this one's bytes.
     */
    @ParameterizedTest
    @ValueSource(strings = {"recv", "send", "sendfile", "shutdown"})
    void aCloseInTheMiddleOfACallWaitsForItsEnd(String call) {
        kernel.at(call, () -> {
            channel.close();
            assertFalse(kernel.wasClosed(fd), "closed under the call");
        });
        operate(call);
        assertTrue(kernel.wasClosed(fd), "never closed");
        assertEquals(-Errno.EBADF, operate(call));
        assertEquals(1, kernel.calls("close").stream().filter(("close " + fd)::equals).count());
    }

    @Test
    void anAbortInTheMiddleOfACallResetsToo() {
        kernel.at("send", channel::abort);
        operate("send");
        assertEquals(List.of("setsockopt " + fd + " 1 13 " + Linger.RESET), kernel.calls("setsockopt"));
        assertTrue(kernel.wasClosed(fd));
    }

    @Test
    void theLoopUsesItsOwnKernelAndOthersBorrow() throws Exception {
        ScriptedKernel loops = new ScriptedKernel();
        ScriptedKernel lent = new ScriptedKernel();
        Iterator<Kernel> made = List.<Kernel>of(loops, lent).iterator();
        KernelPool two = new KernelPool(made::next);
        EpollPoller poller = EpollPoller.open(two);
        EpollChannel shared = new EpollChannel(two, 7, new SockaddrIn(1, 1), new SockaddrIn(2, 2));
        poller.add(shared, readiness -> { });
        ToLongFunction<EpollChannel> write = c -> c.write(new byte[1], 0, 1);

        write.applyAsLong(shared);
        assertEquals(1, loops.calls("send").size());
        Thread.ofVirtual().start(() -> write.applyAsLong(shared)).join();
        assertEquals(1, loops.calls("send").size());
        assertEquals(1, lent.calls("send").size());
        assertSame(lent, two.take(), "not given back");
    }

    @Test
    void aChannelIsInOnePollerAtMost() throws IOException {
        EpollPoller poller = addToAPollerOfThisThread();
        assertThrows(IllegalStateException.class, () -> poller.add(channel, readiness -> { }));
    }

    @Test
    void aClosedChannelIsNotAdded() throws IOException {
        channel.close();
        EpollPoller poller = EpollPoller.open(pool);
        assertEquals(-Errno.EBADF, poller.add(channel, readiness -> { }));
    }

    @Test
    void addressesOutliveTheConnection() {
        channel.close();
        assertEquals(new InetSocketAddress("10.0.0.1", 40000), channel.remoteAddress());
        assertEquals(new InetSocketAddress("127.0.0.1", 80), channel.localAddress());
    }

    private EpollPoller addToAPollerOfThisThread() throws IOException {
        EpollPoller poller = EpollPoller.open(pool);
        assertEquals(0, poller.add(channel, readiness -> { }));
        return poller;
    }
}
