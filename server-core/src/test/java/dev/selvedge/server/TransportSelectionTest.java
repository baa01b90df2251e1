package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransportSelectionTest {

    private record Provider(String name, int preference, Optional<String> unavailable) implements TransportProvider {

        Provider(String name, int preference) {
            this(name, preference, Optional.empty());
        }

        Provider(String name, int preference, String reason) {
            this(name, preference, Optional.of(reason));
        }

        @Override
        public Transport open() throws IOException {
            throw new IOException("not opened in this test");
        }
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
            "add --enable-native-access=dev.selvedge.epoll");

    private static TransportSelection of(TransportProvider... providers) {
        return new TransportSelection(List.of(providers));
    }

    @Test
    void autoIsTheMostPreferredThatIsAvailable() {
        assertSame(EPOLL, of(NIO, EPOLL).choose("auto"));
        assertSame(EPOLL, of(EPOLL, NIO).choose("auto"));
        assertSame(NIO, of(NO_EPOLL, NIO).choose("auto"));
        assertSame(NIO, of(new Broken(), NIO).choose("auto"));
    }

    @Test
    void aNameIsTakenAtItsWord() {
        assertSame(NIO, of(NIO, EPOLL).choose("nio"));
        assertSame(EPOLL, of(NIO, EPOLL).choose("epoll"));
    }

    @Test
    void aTransportThatDoesNotWorkHereSaysWhy() {
        var e = assertThrows(IllegalStateException.class, () -> of(NIO, NO_EPOLL).choose("epoll"));
        assertEquals("transport epoll is not available: add --enable-native-access=dev.selvedge.epoll", e.getMessage());
        var broken = assertThrows(IllegalStateException.class, () -> of(NIO, new Broken()).choose("broken"));
        assertEquals("transport broken is not available: it is broken (java.lang.NoClassDefFoundError: Missing)",
                broken.getMessage());
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> of(NIO, EPOLL).choose("kqueue"));
        assertEquals("there is no transport \"kqueue\"; known are auto, epoll, nio", e.getMessage());
        var epoll = assertThrows(IllegalArgumentException.class, () -> of(NIO).choose("epoll"));
        assertEquals("there is no transport \"epoll\"; known are auto, nio; for epoll, add the artifact"
                + " server-native-epoll", epoll.getMessage());
    }

    @Test
    void withoutAnyTransportThereIsAReason() {
        var none = assertThrows(IllegalStateException.class, () -> of().choose("auto"));
        assertEquals("no transport is available: no provider is installed; is META-INF/services missing in a repackaged"
                + " jar?", none.getMessage());
        var unavailable = assertThrows(IllegalStateException.class, () -> of(NO_EPOLL).choose("auto"));
        assertEquals("no transport is available: epoll: add --enable-native-access=dev.selvedge.epoll",
                unavailable.getMessage());
    }

    @Test
    void thePortableTransportIsAlwaysInstalled() {
        assertEquals("nio", TransportSelection.installed().choose("nio").name());
    }
}
