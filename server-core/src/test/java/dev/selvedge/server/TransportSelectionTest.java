package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.selvedge.server.engine.ListenException;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransportSelectionTest {

    /** A provider, and how it ends to be opened. */
    private record Provider(String name, int preference, Optional<String> unavailable, Opening opening)
            implements TransportProvider {

        private interface Opening {

            Transport open() throws IOException;
        }

        Provider(String name, int preference) {
            this(name, preference, Optional.empty(), () -> transport(name));
        }

        Provider(String name, int preference, Opening opening) {
            this(name, preference, Optional.empty(), opening);
        }

        @Override
        public Transport open() throws IOException {
            return opening.open();
        }
    }

    private static Transport transport(String name) {
        Transport transport = mock(Transport.class);
        when(transport.name()).thenReturn(name);
        return transport;
    }

    /** A provider whose native part is missing. */
    private record Broken() implements TransportProvider {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public int preference() {
            return 1000;
        }

        @Override
        public Optional<String> unavailable() {
            throw new NoClassDefFoundError("Missing");
        }

        @Override
        public Transport open() {
            throw new IllegalStateException();
        }
    }

    private static final Provider NIO = new Provider("nio", 0);
    private static final Provider EPOLL = new Provider("epoll", 100);
    private static final Provider NO_EPOLL = new Provider("epoll", 100,
            Optional.of("add --enable-native-access=dev.selvedge.epoll"), () -> {
                throw new AssertionError("it said that it is not available");
            });

    private static String chosen(String name, TransportProvider... providers) throws IOException {
        return of(providers).start(name, Transport::name);
    }

    private static TransportSelection of(TransportProvider... providers) {
        return new TransportSelection(List.of(providers));
    }

    @Test
    void autoIsTheMostPreferredThatIsAvailable() throws IOException {
        assertEquals("epoll", chosen("auto", NIO, EPOLL));
        assertEquals("epoll", chosen("auto", EPOLL, NIO));
        assertEquals("nio", chosen("auto", NO_EPOLL, NIO));
        assertEquals("nio", chosen("auto", new Broken(), NIO));
    }

    @Test
    void aNameIsTakenAtItsWord() throws IOException {
        assertEquals("nio", chosen("nio", NIO, EPOLL));
        assertEquals("epoll", chosen("epoll", NIO, EPOLL));
    }

    @Test
    void aTransportThatDoesNotWorkHereSaysWhy() {
        var e = assertThrows(IllegalStateException.class, () -> chosen("epoll", NIO, NO_EPOLL));
        assertEquals("transport epoll is not available: add --enable-native-access=dev.selvedge.epoll", e.getMessage());
        var broken = assertThrows(IllegalStateException.class, () -> chosen("broken", NIO, new Broken()));
        assertEquals("transport broken is not available: it is broken (java.lang.NoClassDefFoundError: Missing)",
                broken.getMessage());
    }

    // ---- what fails although it said that it is available

    private static final IOException FORBIDDEN = new IOException("epoll_create1 answered EPERM");

    private static final List<Provider> FAILING = List.of(
            new Provider("epoll", 100, () -> {
                throw FORBIDDEN;
            }),
            new Provider("epoll", 100, () -> {
                throw new IllegalStateException("not after all");
            }),
            new Provider("epoll", 100, () -> {
                throw new ExceptionInInitializerError("no libc");
            }));

    @Test
    void autoPassesOverWhatFailsToOpen() throws IOException {
        for (Provider failing : FAILING) {
            assertEquals("nio", chosen("auto", NIO, failing));
        }
    }

    @Test
    void autoPassesOverWhatFailsToStart() throws IOException {
        List<String> tried = new ArrayList<>();
        assertEquals("nio", of(NIO, EPOLL).start("auto", transport -> {
            tried.add(transport.name());
            if (transport.name().equals("epoll")) {
                throw FORBIDDEN;
            }
            return transport.name();
        }));
        assertEquals(List.of("epoll", "nio"), tried);
    }

    @Test
    void whatWasAskedForByNameIsNotReplaced() {
        assertEquals("transport epoll: epoll_create1 answered EPERM",
                assertThrows(IOException.class, () -> chosen("epoll", NIO, FAILING.getFirst())).getMessage());
        assertEquals("transport epoll: it is broken (java.lang.IllegalStateException: not after all)",
                assertThrows(IOException.class, () -> chosen("epoll", NIO, FAILING.get(1))).getMessage());
    }

    @Test
    void whenAllFailEachSaysWhy() {
        Provider nio = new Provider("nio", 0, () -> {
            throw new IOException("Too many open files");
        });
        var e = assertThrows(IOException.class, () -> chosen("auto", nio, FAILING.getFirst()));
        assertEquals("transport epoll: epoll_create1 answered EPERM; transport nio: Too many open files",
                e.getMessage());
        assertEquals("Too many open files", e.getCause().getMessage());
        assertEquals(List.of(FORBIDDEN), List.of(e.getSuppressed()));
    }

    /** The address is the matter, and no other transport could do better. */
    @Test
    void anAddressThatCannotBeListenedOnIsNotTriedTwice() {
        ListenException inUse = new ListenException(new InetSocketAddress(80), new BindException("in use"));
        List<String> tried = new ArrayList<>();
        assertSame(inUse, assertThrows(IOException.class, () -> of(NIO, EPOLL).start("auto", transport -> {
            tried.add(transport.name());
            throw inUse;
        })));
        assertEquals(List.of("epoll"), tried);
    }

    // ---- what is not there

    @Test
    void anUnknownNameListsTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> chosen("kqueue", NIO, EPOLL));
        assertEquals("there is no transport \"kqueue\"; known are auto, epoll, nio", e.getMessage());
        var epoll = assertThrows(IllegalArgumentException.class, () -> chosen("epoll", NIO));
        assertEquals("there is no transport \"epoll\"; known are auto, nio; for epoll, add the artifact"
                + " server-native-epoll", epoll.getMessage());
    }

    @Test
    void withoutAnyTransportThereIsAReason() {
        var none = assertThrows(IllegalStateException.class, () -> chosen("auto"));
        assertEquals("no transport is available: no provider is installed; is META-INF/services missing in a repackaged"
                + " jar?", none.getMessage());
        var unavailable = assertThrows(IllegalStateException.class, () -> chosen("auto", NO_EPOLL));
        assertEquals("no transport is available: epoll: add --enable-native-access=dev.selvedge.epoll",
                unavailable.getMessage());
    }

    @Test
    void thePortableTransportIsAlwaysInstalled() throws IOException {
        assertEquals("nio", TransportSelection.installed().start("nio", Transport::name));
    }
}
