package dev.selvedge.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class HelloTest {

    @Test
    void itAnswersUntilItIsTerminated() throws Exception {
        try (ExampleProgram hello = ExampleProgram.start(Hello.class); HttpClient client = HttpClient.newHttpClient()) {
            String announcement = hello.announcement().getLast();
            assertTrue(announcement.startsWith("Hello is at http://localhost:"), announcement);
            assertTrue(announcement.contains(" over "), announcement);
            assertTrue(announcement.endsWith("press Ctrl-C to stop it"), announcement);

            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(hello.uri()).build(), BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals("text/plain; charset=utf-8", response.headers().firstValue("Content-Type").orElseThrow());
            assertEquals("Hello, World!", response.body());

            hello.terminate();
            assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), hello.awaitEnd(),
                    "nothing is to be said: no warning at the start, no error at the end");
        }
    }
}
