package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.epoll.kernel.SockaddrIn;
import dev.selvedge.epoll.kernel.SockaddrIn6;
import dev.selvedge.server.transport.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningSocketTest {

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 8080);
    private static final InetSocketAddress WILDCARD = new InetSocketAddress(8080);

    private final ScriptedKernel kernel = new ScriptedKernel();

    @Test
    void theStepsAreInOrder() throws IOException {
        EpollListener listener = open(LOOPBACK);

        assertEquals(List.of(
                "socket 2 " + (1 | 0x800 | 0x80000) + " 0", // AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
                "setsockopt 100 1 2 1", // SOL_SOCKET, SO_REUSEADDR
                "setsockopt 100 6 1 1", // IPPROTO_TCP, TCP_NODELAY
                "setsockopt 100 6 25 4711", // IPPROTO_TCP, TCP_NOTSENT_LOWAT
                "bind 100 " + new SockaddrIn(8080, 0x7f000001),
                "listen 100 17",
                "getsockname 100"), kernel.calls());
        assertEquals(LOOPBACK, listener.address());
    }

    @Test
    void theWildcardTakesBothFamiliesThroughOneSocket() throws IOException {
        open(WILDCARD);

        assertEquals(List.of("socket 10 " + (1 | 0x800 | 0x80000) + " 0"), kernel.calls("socket"));
        assertTrue(kernel.calls().contains("setsockopt 100 41 26 0"), "IPPROTO_IPV6, IPV6_V6ONLY");
        assertEquals(List.of("bind 100 " + new SockaddrIn6(8080, 0, 0, 0)), kernel.calls("bind"));
    }

    @Test
    void aSpecificIpv6AddressStaysWithItself() throws IOException {
        open(new InetSocketAddress("::1", 8080));

        assertEquals(3, kernel.calls("setsockopt").size());
        assertEquals(List.of("bind 100 " + new SockaddrIn6(8080, 0, 1, 0)), kernel.calls("bind"));
    }

    @ParameterizedTest
    @CsvSource({"socket, 97", "bind, 99", "setsockopt, 97"})
    void withoutIpv6TheWildcardIsIpv4(String call, int errno) throws IOException {
        kernel.script(call, -errno);
        open(WILDCARD);

        assertEquals("bind " + kernel.open().iterator().next() + " " + new SockaddrIn(8080, 0),
                kernel.calls("bind").getLast());
        assertEquals(1, kernel.open().size(), "the first socket is left open");
    }

    /** Whatever step fails with whatever error: no descriptor stays, and the reason is told. */
    @ParameterizedTest
    @ValueSource(strings = {"socket", "setsockopt", "bind", "listen", "getsockname"})
    void aFailingStepClosesTheSocketAndSaysWhy(String call) {
        for (int errno : ScriptedKernel.errnos()) {
            ScriptedKernel failing = new ScriptedKernel().script(call, -errno);
            IOException e = assertThrows(IOException.class,
                    () -> ListeningSocket.open(failing.pool(), LOOPBACK, 17, 4711));

            assertEquals(Set.of(), failing.open(), () -> failing.calls().toString());
            String symbol = Errno.describe(errno).split(" ")[0];
            assertTrue(e.getMessage().contains(symbol), e.getMessage());
        }
    }

    @Test
    void aNameThatTheKernelDoesNotTellIsAFailure() {
        kernel.bound = null;
        assertThrows(IOException.class, () -> open(LOOPBACK));
        assertEquals(Set.of(), kernel.open());
    }

    @ParameterizedTest
    @CsvSource({
        "bind,   98, 'the address is in use by another socket (EADDRINUSE)'",
        "listen, 98, 'the address is in use by another socket (EADDRINUSE)'",
        "bind,   99, 'this machine does not have this address (EADDRNOTAVAIL)'",
        "socket, 97, 'this machine does not have this kind of address (EAFNOSUPPORT)'",
    })
    void whatLiesInTheAddressIsABindException(String call, int errno, String message) {
        kernel.script(call, -errno);
        assertEquals(message, assertThrows(BindException.class, () -> open(LOOPBACK)).getMessage());
    }

    @Test
    void aPortThatIsNotAllowedSaysWhatHelps() {
        kernel.script("bind", -Errno.EACCES);
        String message = assertThrows(BindException.class, () -> open(new InetSocketAddress("::1", 80))).getMessage();
        assertTrue(message.startsWith("not allowed"), message);
        assertTrue(message.contains("CAP_NET_BIND_SERVICE"), message);
    }

    @Test
    void wantOfDescriptorsIsNotABindException() {
        kernel.script("socket", -Errno.EMFILE);
        IOException e = assertThrows(IOException.class, () -> open(LOOPBACK));
        assertSame(IOException.class, e.getClass());
    }

    @Test
    void anUnknownHostIsRefusedBeforeAnyCall() {
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("no.such.host", 8080);
        var e = assertThrows(UnknownHostException.class, () -> open(unknown));
        assertEquals("the host name is not known", e.getMessage());
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void aBacklogBelowOneIsRefusedBeforeAnyCall() {
        assertThrows(IllegalArgumentException.class, () -> ListeningSocket.open(kernel.pool(), LOOPBACK, 0, 4711));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void lessThanOneUnsentOctetIsRefusedBeforeAnyCall() {
        assertThrows(IllegalArgumentException.class, () -> ListeningSocket.open(kernel.pool(), LOOPBACK, 17, 0));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void theLargestNumberLeavesItToTheSystem() throws IOException {
        ListeningSocket.open(kernel.pool(), LOOPBACK, 17, Integer.MAX_VALUE);
        assertEquals(List.of("setsockopt 100 1 2 1", "setsockopt 100 6 1 1"), kernel.calls("setsockopt"));
    }

    /** As gVisor and others, which speak epoll but have not all of Linux's options. */
    @Test
    void withoutTheOptionForItTheSendBufferBoundsWhatIsUnsent() throws IOException {
        kernel.script("setsockopt", 0, 0, -Linux.ENOPROTOOPT);
        open(LOOPBACK);
        assertEquals("setsockopt 100 1 7 4711", kernel.calls("setsockopt").getLast()); // SOL_SOCKET, SO_SNDBUF
    }

    private EpollListener open(InetSocketAddress address) throws IOException {
        return ListeningSocket.open(kernel.pool(), address, 17, 4711);
    }
}
