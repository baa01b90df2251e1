package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import dev.selvedge.server.transport.TransportProvider;
import dev.selvedge.server.transport.nio.NioTransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerTest {

    private static final Handler HELLO = request -> Response.text("Hello");

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @AutoClose
    private final CollectedLogs logs = new CollectedLogs();

    private static HttpServer.Builder local() {
        return HttpServer.builder().listen("localhost", 0).handler(HELLO);
    }

    private HttpResponse<String> get(HttpServer server, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    // ---- starting

    @Test
    void theSimplestServerAnswers() throws Exception {
        try (HttpServer server = HttpServer.start(0, HELLO)) {
            assertTrue(server.port() > 0);
            assertEquals(URI.create("http://localhost:" + server.port() + "/"), server.uri());
            HttpResponse<String> response = get(server, "/any");
            assertEquals(200, response.statusCode());
            assertEquals("Hello", response.body());
            assertEquals("selvedge", response.headers().firstValue("Server").orElseThrow());
        }
    }

    @Test
    void aServerListensAtSeveralAddresses() throws Exception {
        try (HttpServer server = local().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).start()) {
            assertEquals(2, server.addresses().size());
            assertEquals(server.addresses().getFirst().getPort(), server.port());
            assertNotEquals(server.port(), server.addresses().getLast().getPort());
            for (InetSocketAddress address : server.addresses()) {
                URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/");
                assertEquals("Hello", client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
            }
        }
    }

    @Test
    void oneBuilderStartsSeveralServers() throws Exception {
        HttpServer.Builder builder = local();
        HttpServer one = builder.start();
        try (HttpServer two = builder.start()) {
            assertNotEquals(one.port(), two.port());
            one.close();
            assertEquals("Hello", get(two, "/").body());
        }
    }

    @Test
    void aPortCanBeUsedAgainAtOnce() throws Exception {
        int port;
        try (HttpServer server = local().start()) {
            port = server.port();
            get(server, "/");
        }
        for (int i = 0; i < 5; i++) {
            try (HttpServer server = HttpServer.builder().listen("localhost", port).handler(HELLO).start()) {
                assertEquals("Hello", get(server, "/").body());
            }
        }
    }

    @Test
    void aPortInUseSaysWhatToDo() throws Exception {
        try (HttpServer server = local().start()) {
            HttpServer.Builder second = HttpServer.builder().listen("localhost", server.port()).handler(HELLO);
            var e = assertThrows(UncheckedIOException.class, second::start);
            assertTrue(e.getMessage().startsWith("cannot listen on "), e.getMessage());
            assertTrue(e.getMessage().contains(":" + server.port() + ": "), e.getMessage());
            assertTrue(e.getMessage().endsWith("; choose another port, or 0 for any free one"), e.getMessage());
            assertEquals("Hello", get(server, "/").body(), "the first goes on");
        }
    }

    @Test
    void aPortInUseAmongSeveralGivesTheOthersBack() {
        try (HttpServer server = local().start()) {
            HttpServer.Builder second = local().listen("localhost", server.port());
            assertThrows(UncheckedIOException.class, second::start);
            assertThrows(UncheckedIOException.class, second::start);
        }
    }

    @Test
    void anUnknownHostSaysSo() {
        var e = assertThrows(UncheckedIOException.class,
                () -> HttpServer.builder().listen("no-such-host.invalid", 80).handler(HELLO).start());
        assertEquals("cannot listen on no-such-host.invalid:80: the host name is not known; choose an address of this"
                + " machine, or listen(port) for all of them", e.getMessage());
        assertInstanceOf(UnknownHostException.class, e.getCause());
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        var e = assertThrows(UncheckedIOException.class,
                () -> HttpServer.builder().listen("192.0.2.1", 8080).handler(HELLO).start());
        assertTrue(e.getMessage().startsWith("cannot listen on 192.0.2.1:8080: "), e.getMessage());
        assertTrue(e.getMessage().endsWith("; choose an address of this machine, or listen(port) for all of them"),
                e.getMessage());
    }

    // ---- starting with a transport of one's own

    @Test
    void aTransportMayBeBroughtAlong() throws Exception {
        Transport transport = new NioTransportProvider().open();
        HttpServer.Builder builder = local().transport("nowhere").transport(new Only("own", transport));
        try (HttpServer server = builder.start()) {
            assertEquals(transport.name(), server.transport());
            assertEquals("Hello", get(server, "/").body());
        }
    }

    @Test
    void whatWasAskedForLastCounts() throws Exception {
        Transport never = mock(Transport.class);
        try (HttpServer server = local().transport(new Only("own", never)).transport("nio").start()) {
            assertEquals("nio", server.transport());
        }
        verifyNoInteractions(never);
    }

    /** Nothing else is taken instead. */
    @Test
    void aTransportOfOnesOwnThatFailsIsSaid() throws Exception {
        Transport transport = mock(Transport.class);
        when(transport.time()).thenCallRealMethod();
        when(transport.threads()).thenCallRealMethod();
        when(transport.poller()).thenThrow(new IOException("there is no room"));
        var e = assertThrows(UncheckedIOException.class,
                () -> local().transport(new Only("own", transport)).start());
        assertTrue(e.getMessage().startsWith("cannot start the server: transport own: there is no room"),
                e.getMessage());
    }

    /** Counts in a list how often it is opened. */
    private record Counted(TransportProvider below, List<String> opened) implements TransportProvider {

        @Override
        public String name() {
            return below.name();
        }

        @Override
        public int preference() {
            return below.preference();
        }

        @Override
        public Optional<String> unavailable() {
            return below.unavailable();
        }

        @Override
        public Transport open() throws IOException {
            opened.add(name());
            return below.open();
        }
    }

    /** Whichever transport is chosen, and however. */
    @Test
    void somethingMayBePutOverTheTransport() throws Exception {
        for (HttpServer.Builder builder : List.of(local(), local().transport("nio"),
                local().transport(new NioTransportProvider()))) {
            List<String> opened = new ArrayList<>();
            builder.wrapTransport(provider -> new Counted(provider, opened));
            try (HttpServer server = builder.start()) {
                assertEquals(List.of(server.transport()), opened);
                assertEquals("Hello", get(server, "/").body());
            }
        }
    }

    // ---- starting with a transport that fails

    /** A transport that answers as a test wants, under the name that is told. */
    private record Only(String name, Transport transport) implements TransportProvider {

        @Override
        public int preference() {
            return 100;
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Transport open() {
            return transport;
        }
    }

    private static TransportSelection failing(Transport transport, TransportProvider... others) {
        when(transport.time()).thenCallRealMethod();
        when(transport.threads()).thenCallRealMethod();
        List<TransportProvider> providers = new ArrayList<>(List.of(others));
        providers.add(new Only("failing", transport));
        return new TransportSelection(providers);
    }

    @Test
    void aPollerThatCannotBeMadeIsNotBlamedOnAnAddress() throws Exception {
        Transport transport = mock(Transport.class);
        when(transport.poller()).thenThrow(new IOException("epoll_create1 answered EMFILE"));
        var e = assertThrows(UncheckedIOException.class, () -> local().start(failing(transport)));
        assertEquals("cannot start the server: transport failing: epoll_create1 answered EMFILE; the usual reasons are"
                + " the limit of open files (raise it with ulimit -n, or ask for fewer loops) and a sandbox that"
                + " forbids the call", e.getMessage());
        verify(transport).close();
    }

    @Test
    void autoGoesOnWithTheNextTransportInSilence() throws Exception {
        Transport transport = mock(Transport.class);
        when(transport.poller()).thenThrow(new IOException("epoll_create1 answered EPERM"));
        try (HttpServer server = local().start(failing(transport, new NioTransportProvider()))) {
            assertEquals("nio", server.transport());
            assertEquals("Hello", get(server, "/").body());
        }
        verify(transport).close();
        assertEquals(List.of(), logs.records());
        var e = assertThrows(UncheckedIOException.class,
                () -> local().transport("failing").start(failing(transport, new NioTransportProvider())));
        assertTrue(e.getMessage().contains("transport failing: epoll_create1 answered EPERM"), e.getMessage());
    }

    /** Whatever the transport and the spelling of the wildcard: the address once, the reason, what to do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0.0.0.0 | 8080 | cannot listen on port 8080: | choose another port, or 0 for any free one",
        ":: | 8080 | cannot listen on port 8080: | choose another port, or 0 for any free one",
        "::1 | 8080 | cannot listen on [0:0:0:0:0:0:0:1]:8080: | choose another port, or 0 for any free one",
        "127.0.0.1 | 0 | cannot listen on 127.0.0.1:0: | choose another address",
        "192.0.2.1 | 80 | cannot listen on 192.0.2.1:80: | choose an address of this machine, or listen(port) for"
                + " all of them"})
    void aFailureToListenNamesTheAddressOnceAndSaysWhatToDo(String host, int port, String where, String advice)
            throws Exception {
        Transport transport = mock(Transport.class);
        Poller poller = mock(Poller.class);
        when(transport.poller()).thenReturn(poller);
        BindException refusal = new BindException("the reason");
        when(transport.listen(any(), anyInt(), anyInt())).thenThrow(refusal);
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        var e = assertThrows(UncheckedIOException.class,
                () -> HttpServer.builder().listen(address).loops(1).handler(HELLO).start(failing(transport)));
        assertEquals(where + " the reason; " + advice, e.getMessage());
        assertSame(refusal, e.getCause());
        verify(poller).close();
        verify(transport).close();
    }

    @Test
    void aSocketThatCannotBeMadeNamesTheUsualReasons() throws Exception {
        Transport transport = mock(Transport.class);
        when(transport.poller()).thenReturn(mock(Poller.class));
        when(transport.listen(any(), anyInt(), anyInt())).thenThrow(new IOException("EMFILE"));
        var e = assertThrows(UncheckedIOException.class, () -> HttpServer.builder().listen(8080).handler(HELLO)
                .start(failing(transport)));
        assertEquals("cannot listen on port 8080: EMFILE; the usual reasons are the limit of open files (raise it with"
                + " ulimit -n, or ask for fewer loops) and a sandbox that forbids the call", e.getMessage());
    }

    // ---- starting with what is missing or wrong

    @Test
    void whatIsMissingIsSaid() {
        var handler = assertThrows(IllegalStateException.class, () -> HttpServer.builder().listen(0).start());
        assertEquals("nobody answers requests: call handler(...) before start()", handler.getMessage());
        var listen = assertThrows(IllegalStateException.class, () -> HttpServer.builder().handler(HELLO).start());
        assertEquals("no address to listen on: call listen(port) before start()", listen.getMessage());
    }

    @Test
    void settingsAreChecked() {
        HttpServer.Builder builder = HttpServer.builder();
        var port = assertThrows(IllegalArgumentException.class, () -> builder.listen(65536));
        assertEquals("the port is 65536; it must be from 0 to 65535", port.getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.listen(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.listen("localhost", -1));
        assertThrows(IllegalArgumentException.class, () -> builder.loops(0));
        assertThrows(IllegalArgumentException.class, () -> builder.loops(1025));
        assertThrows(IllegalArgumentException.class, () -> builder.backlog(0));
        assertThrows(IllegalArgumentException.class, () -> builder.gracePeriod(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.gracePeriod(Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> builder.slowHandlerThreshold(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.serverName(""));
        assertThrows(IllegalArgumentException.class, () -> builder.serverName("a\r\nb: c"));
        assertThrows(NullPointerException.class, () -> builder.handler(null));
        assertThrows(NullPointerException.class, () -> builder.limits(null));
        assertThrows(NullPointerException.class, () -> builder.transport((String) null));
        assertThrows(NullPointerException.class, () -> builder.listen((InetSocketAddress) null));
    }

    @Test
    void theTransportIsTheOneThatWasAskedFor() {
        try (HttpServer server = local().transport("nio").loops(3).start()) {
            assertEquals("nio", server.transport());
            assertEquals(3, server.statistics().loops());
            assertEquals("HttpServer" + server.addresses() + " on nio", server.toString());
        }
        assertThrows(IllegalArgumentException.class, () -> local().transport("carrier-pigeon").start());
    }

    @Test
    void anAddressOfVersionSixStandsInBrackets() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        HttpServer server;
        try {
            server = HttpServer.builder().listen(new InetSocketAddress(six, 0)).handler(HELLO).start();
        } catch (UncheckedIOException e) {
            abort("no IPv6 here: " + e.getMessage());
            return;
        }
        try (server) {
            assertEquals("http://[0:0:0:0:0:0:0:1]:" + server.port() + "/", server.uri().toString());
            assertEquals("Hello", get(server, "/").body());
        }
    }

    // ---- serving

    @Test
    void theServerNameCanBeChangedOrLeftOut() throws Exception {
        try (HttpServer server = local().serverName("shop/1").start()) {
            assertEquals(List.of("shop/1"), get(server, "/").headers().allValues("Server"));
        }
        try (HttpServer server = local().withoutServerName().start()) {
            assertEquals(List.of(), get(server, "/").headers().allValues("Server"));
        }
    }

    @Test
    void limitsHoldForHandlersWithoutTheirOwn() throws Exception {
        Router router = Router.builder().post("/default", request -> Response.text(request.body().text()))
                .post("/own", Handler.withMaxBodyBytes(10, request -> Response.text(request.body().text()))).build();
        try (HttpServer server = local().handler(router).limits(Limits.DEFAULT.withMaxBodyBytes(5)).start()) {
            assertEquals(200, post(server, "/default", 5).statusCode());
            assertEquals(413, post(server, "/default", 6).statusCode());
            assertEquals(200, post(server, "/own", 10).statusCode());
            assertEquals(413, post(server, "/own", 11).statusCode());
        }
    }

    private HttpResponse<String> post(HttpServer server, String path, int length) throws Exception {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(length))).build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlersRunWhereTheyWereMarkedToRun(boolean nonBlocking) throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Handler handler = request -> {
            thread.set(Thread.currentThread());
            return Response.empty();
        };
        try (HttpServer server = local().handler(nonBlocking ? Handler.nonBlocking(handler) : handler).start()) {
            assertEquals(204, get(server, "/").statusCode());
            assertEquals(!nonBlocking, thread.get().isVirtual());
        }
    }

    @Test
    void exceptionsAreAnsweredByTheServersHandler() throws Exception {
        HttpServer.Builder builder = local().handler(request -> {
            throw new IllegalStateException("no");
        }).onException((request, e) -> Response.text(request.path() + ": " + e.getMessage()).withStatus(503));
        try (HttpServer server = builder.start()) {
            HttpResponse<String> response = get(server, "/x");
            assertEquals(503, response.statusCode());
            assertEquals("/x: no", response.body());
        }
    }

    @Test
    void statisticsCount() throws Exception {
        HttpServer server = local().start();
        get(server, "/");
        get(server, "/");
        ServerStatistics figures = server.statistics();
        assertEquals(2, figures.requests());
        assertTrue(figures.acceptedConnections() >= 1, figures.toString());
        assertEquals(0, figures.refusedRequests());
        server.close();
        assertEquals(0, server.statistics().openConnections());
        assertEquals(2, server.statistics().requests());
    }

    // ---- stopping

    @Test
    void closingMayBeRepeated() {
        HttpServer server = local().start();
        server.close();
        server.close();
        server.closeNow();
        server.close();
        assertThrows(ConnectException.class, () -> get(server, "/"));
    }

    @Test
    void closingLetsRequestsFinish() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        HttpServer server = local().handler(request -> {
            arrived.countDown();
            released.await();
            return Response.text("finished");
        }).start();
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                HttpRequest.newBuilder(server.uri()).build(), BodyHandlers.ofString());
        arrived.await();
        Thread closing = Thread.ofPlatform().start(server::close);
        released.countDown();
        assertEquals("finished", response.get().body());
        closing.join();
    }

    @Test
    void afterTheGracePeriodHandlersAreInterrupted() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();
        HttpServer server = local().gracePeriod(Duration.ofMillis(20)).handler(request -> {
            arrived.countDown();
            try {
                new CountDownLatch(1).await();
                return Response.empty();
            } catch (InterruptedException e) {
                end.complete("interrupted");
                throw e;
            }
        }).start();
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                HttpRequest.newBuilder(server.uri()).build(), BodyHandlers.ofString());
        arrived.await();
        server.close();
        assertEquals("interrupted", end.get());
        assertThrows(ExecutionException.class, response::get);
        assertEquals(List.of(), logs.records(), "an interruption at the end is no error");
    }
}
