package dev.selvedge.jmh.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What every server of the comparison answers with, and how it tells that it is ready. */
final class Payload {

    static final String TEXT = "Hello, World!";
    static final String TEXT_TYPE = "text/plain";
    static final String JSON_TYPE = "application/json";

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private Payload() { }

    /**
     * What /json answers with, made for each request.
     *
     * @param message the only member; has nothing to be escaped
     */
    record Message(String message) {

        String toJson() {
            return "{\"message\":\"" + message + "\"}";
        }
    }

    static String json() {
        return new Message(TEXT).toJson();
    }

    static byte[] textOctets() {
        return TEXT.getBytes(UTF_8);
    }

    static byte[] jsonOctets() {
        return json().getBytes(UTF_8);
    }

    /** Gives a server that has no Date of its own a new one each second (RFC 9110 §6.6.1). */
    static void eachSecond(Consumer<String> date) {
        Runnable tick = () -> date.accept(IMF_FIXDATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        tick.run();
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
                .scheduleAtFixedRate(tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Tells the comparison the port, and ends this process when the comparison has ended. */
    static void ready(int port) {
        IO.println(ServerProcess.READY + port);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (System.in.read() >= 0) { }
            } catch (IOException e) {
                // The comparison is gone, too.
            }
            Runtime.getRuntime().halt(0);
        });
    }
}
