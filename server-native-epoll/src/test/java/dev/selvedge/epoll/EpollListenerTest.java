package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.SockaddrIn6;
import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpollListenerTest {

    private static final int FD = 100;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 8080);

    private final ScriptedKernel kernel = new ScriptedKernel();

    @Test
    void aConnectionIsAcceptedNonBlockingWithItsAddresses() throws IOException {
        Channel channel = accepted(listener().accept());

        assertEquals(List.of("accept4 " + FD + " " + (Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC)),
                kernel.calls("accept4"));
        assertEquals(new InetSocketAddress("127.0.0.1", 40000), channel.remoteAddress());
        assertEquals(ADDRESS, channel.localAddress());
    }

    @Test
    void acceptingIsOneSystemCallWhereTheAddressIsKnown() throws IOException {
        EpollListener listener = listener();
        int before = kernel.calls().size();
        listener.accept();
        assertEquals(before + 1, kernel.calls().size(), () -> kernel.calls().toString());
    }

    @Test
    void behindTheWildcardTheKernelIsAskedWhichAddressTheClientUsed() throws IOException {
        kernel.bound = SockaddrIn6.wildcard(8080);
        EpollListener listener = listener();
        kernel.bound = new SockaddrIn6(8080, 0, 0xffff_0a000001L, 0);

        assertEquals(new InetSocketAddress("10.0.0.1", 8080), accepted(listener.accept()).localAddress());
    }

    @Test
    void ifTheKernelCanNotSayTheWildcardMustDo() throws IOException {
        kernel.bound = SockaddrIn6.wildcard(8080);
        EpollListener listener = listener();
        kernel.script("getsockname", -Errno.ENOBUFS);

        assertEquals(new InetSocketAddress("::", 8080), accepted(listener.accept()).localAddress());
    }

    @Test
    void anUntoldPeerIsAskedFor() throws IOException {
        kernel.peer = null;
        assertEquals(new InetSocketAddress("127.0.0.1", 50000), accepted(listener().accept()).remoteAddress());
    }

    @Test
    void aConnectionWhosePeerIsGoneIsClosedAndPassedOver() throws IOException {
        EpollListener listener = listener();
        kernel.peer = null;
        kernel.script("accept4", 200, -Errno.EAGAIN).script("getpeername", -Errno.ENOTCONN);

        assertSame(Acceptance.EMPTY, listener.accept());
        assertEquals(Set.of(FD), kernel.open());
    }

    @Test
    void anEmptyQueueIsAnAnswer() throws IOException {
        kernel.script("accept4", -Errno.EAGAIN);
        assertSame(Acceptance.EMPTY, listener().accept());
    }

    /** accept(2): errors that lie on the connection that was taken, or an interruption. The next one may be well. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO, Errno.ENETDOWN, Linux.ENETUNREACH,
        Linux.EHOSTDOWN, Linux.EHOSTUNREACH, Linux.ENONET, Linux.ENOPROTOOPT})
    void anErrorOfOneConnectionIsPassedOver(int errno) throws IOException {
        kernel.script("accept4", -errno, -errno);
        accepted(listener().accept());
        assertEquals(3, kernel.calls("accept4").size());
    }

    static List<Integer> otherErrnos() {
        List<Integer> passedOver = List.of(Errno.EAGAIN, Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO,
                Errno.ENETDOWN);
        return ScriptedKernel.errnos().stream().filter(errno -> !passedOver.contains(errno)).toList();
    }

    @ParameterizedTest
    @MethodSource("otherErrnos")
    void anyOtherErrorIsToldAfterOneCall(int errno) throws IOException {
        kernel.script("accept4", -errno);
        assertEquals(new Acceptance.None(errno), listener().accept());
        assertEquals(1, kernel.calls("accept4").size());
    }

    @Test
    void aClosedListenerTouchesNoDescriptor() throws IOException {
        EpollListener listener = listener();
        listener.close();
        listener.close();

        assertEquals(new Acceptance.None(Errno.EBADF), listener.accept());
        assertEquals(List.of("close " + FD), kernel.calls("close"));
        assertEquals(List.of(), kernel.calls("accept4"));
        assertEquals(ADDRESS, listener.address());
    }

    @Test
    void aListenerIsInOnePollerAtMost() throws IOException {
        EpollListener listener = listener();
        EpollPoller poller = EpollPoller.open(kernel.pool());
        assertEquals(0, poller.add(listener, readiness -> { }));
        assertThrows(IllegalStateException.class, () -> poller.add(listener, readiness -> { }));
    }

    @Test
    void aClosedListenerIsNotAdded() throws IOException {
        EpollListener listener = listener();
        listener.close();
        EpollPoller poller = EpollPoller.open(kernel.pool());
        assertEquals(-Errno.EBADF, poller.add(listener, readiness -> { }));
    }

    private EpollListener listener() throws IOException {
        return ListeningSocket.open(kernel.pool(), ADDRESS, 10, 1 << 18);
    }

    private static Channel accepted(Acceptance acceptance) {
        return assertInstanceOf(Acceptance.Connected.class, acceptance).channel();
    }
}
