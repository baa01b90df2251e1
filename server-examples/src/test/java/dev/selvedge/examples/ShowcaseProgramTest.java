package dev.selvedge.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the program starts and ends: its options, its exit status, and what it says. */
class ShowcaseProgramTest {

    private static final List<String> JVM =
            List.of("-cp", ExampleProgram.SERVER_ALONE, ExampleProgram.NATIVE_ACCESS);
    private static final List<String> JVM_WITHOUT_PERMISSION = JVM.subList(0, 2);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --unknown           | there is no option --unknown
            8080                | there is no option 8080
            --port              | --port needs a value
            --port x            | --port needs a number from 0 to 65535
            --port 65536        | --port needs a number from 0 to 65535
            --loops 0           | --loops needs a number from 1 to 1024
            --transport magic   | --transport is epoll, nio or auto, not magic
            --dir /not/anywhere | there is no directory /not/anywhere
            """)
    void aWrongOptionIsExplained(String options, String explanation) throws Exception {
        try (ExampleProgram program = ExampleProgram.launch(JVM, Showcase.class, options.split(" "))) {
            ExampleProgram.Ending ending = program.awaitEnd();
            assertEquals(2, ending.status());
            assertEquals("", ending.output());
            assertTrue(ending.errors().startsWith(explanation + "\nUsage: Showcase "), ending.errors());
        }
    }

    @Test
    void aPortInUseIsExplained() throws Exception {
        try (ServerSocket other = new ServerSocket(0);
                ExampleProgram program =
                        ExampleProgram.launch(JVM, Showcase.class, "--port", "" + other.getLocalPort())) {
            ExampleProgram.Ending ending = program.awaitEnd();
            assertEquals(1, ending.status());
            assertEquals("", ending.output());
            assertTrue(ending.errors().startsWith("cannot listen on localhost:" + other.getLocalPort() + ": "),
                    ending.errors());
            assertEquals(1, ending.errors().lines().count(), ending.errors());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void epollWithoutPermissionIsExplained() throws Exception {
        try (ExampleProgram program =
                ExampleProgram.launch(JVM_WITHOUT_PERMISSION, Showcase.class, "--transport", "epoll")) {
            ExampleProgram.Ending ending = program.awaitEnd();
            assertEquals(1, ending.status());
            assertTrue(ending.errors().contains(ExampleProgram.NATIVE_ACCESS), ending.errors());
        }
    }

    @Test
    void withoutPermissionThePortableTransportServesWithoutAWord() throws Exception {
        try (ExampleProgram program = ExampleProgram.start(JVM_WITHOUT_PERMISSION, Showcase.class)) {
            assertTrue(program.announcement().getLast().contains(" over nio;"), program.announcement()::toString);
            program.terminate();
            assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), program.awaitEnd());
        }
    }

    @Test
    void withoutADirectoryThereAreNoFiles() throws Exception {
        try (ExampleProgram program = ExampleProgram.start(JVM, Showcase.class);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(program.uri().resolve("/file/pom.xml")).build();
            assertEquals(404, client.send(request, BodyHandlers.discarding()).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void theSlowAnswerDoesNotHoldUpTheOnlyLoop(String transport) throws Exception {
        try (ExampleProgram program =
                        ExampleProgram.start(JVM, Showcase.class, "--transport", transport, "--loops", "1");
                Socket slow = connect(program, "GET /slow?ms=600000 HTTP/1.1\r\nHost: a\r\n\r\n");
                Socket other = connect(program, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            assertTrue(readAll(other).startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals(0, slow.getInputStream().available());
        }
    }

    /**
     * There is one loop, and the slow request was there before the other one: if that is answered, the slow one is in
     * flight.
     */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aRequestInFlightIsAnsweredBeforeTheEnd(String transport) throws Exception {
        try (ExampleProgram program =
                        ExampleProgram.start(JVM, Showcase.class, "--transport", transport, "--loops", "1");
                Socket slow = connect(program, "GET /slow?ms=500 HTTP/1.1\r\nHost: a\r\n\r\n")) {
            try (Socket other = connect(program, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
                assertTrue(readAll(other).startsWith("HTTP/1.1 200 OK\r\n"));
            }

            program.terminate();

            String answer = readAll(slow);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
            assertTrue(answer.endsWith("slept for 500 ms\n"), answer);
            slow.shutdownOutput(); // or the server waits for it a while
            assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), program.awaitEnd());
        }
    }

    private static Socket connect(ExampleProgram program, String request) throws IOException {
        Socket socket = new Socket("localhost", program.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
}
