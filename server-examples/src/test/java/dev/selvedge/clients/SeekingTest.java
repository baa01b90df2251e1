package dev.selvedge.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import dev.selvedge.server.files.StaticFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser plays what is longer than it wants to load, and jumps in it. */
class SeekingTest {

    private static final int SECONDS = 120;
    private static final int SAMPLES_PER_SECOND = 44_100;
    private static final int BYTES_PER_SAMPLE = 4;
    private static final int DATA = SECONDS * SAMPLES_PER_SECOND * BYTES_PER_SAMPLE;
    private static final int HEAD = 44;

    @TempDir
    private Path files;

    @TempDir
    private Path profile;

    /**
     * What the server was asked and has said.
     *
     * @param range the request's Range, or empty
     * @param status the response's
     */
    private record Asked(String range, int status) {

        /** Returns whether it is a part from some second on; browsers begin a little before it. */
        boolean isFrom(int second) {
            long wanted = HEAD + (long) second * SAMPLES_PER_SECOND * BYTES_PER_SAMPLE;
            long first = Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
            return status == 206 && first <= wanted && first > wanted - (4 << 20);
        }
    }

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    @AutoClose
    private HttpServer server;

    private Response note(Request request, Handler next) throws Exception {
        Response response = next.handle(request);
        if (request.path().equals("/tone.wav")) {
            asked.add(new Asked(request.header("Range").orElse(""), response.status()));
        }
        return response;
    }

    @Test
    void aVideoElementJumpsForthAndBackAndPlaysToItsEnd() throws Exception {
        Files.write(files.resolve("tone.wav"), tone());
        Files.writeString(files.resolve("index.html"), """
                <!doctype html><html lang="en"><title>Seeking</title><link rel="icon" href="data:,">
                <video id="video" src="/tone.wav" preload="metadata" controls></video>
                """);
        server = HttpServer.start(0, Router.builder().filter(this::note).mount("/", StaticFiles.of(files)).build());
        try (Chromium browser = Chromium.start(profile)) {
            browser.open(server.uri());

            assertEquals(String.valueOf(SECONDS), browser.evaluate("""
                    new Promise((resolve, reject) => {
                      video.onerror = () => reject(video.error.message);
                      if (video.readyState > 0) resolve(String(video.duration));
                      else video.onloadedmetadata = () => resolve(String(video.duration));
                    })"""));
            seek(browser, SECONDS - 1);
            seek(browser, SECONDS / 2);
            seek(browser, SECONDS - 1);
            assertEquals("ended", browser.evaluate("""
                    new Promise((resolve, reject) => {
                      video.onended = () => resolve('ended');
                      video.play().catch(reject);
                    })"""));

            assertEquals(List.of(), browser.complaints());
        }
        // The browser keeps the parts, and asks whether they are still good (RFC 9110 §13.2.2: that goes before Range).
        assertTrue(asked.stream().allMatch(one -> one.range().startsWith("bytes=")
                && (one.status() == 206 || one.status() == 304)), asked.toString());
        assertTrue(asked.stream().anyMatch(one -> one.isFrom(SECONDS - 1)), asked.toString());
        assertTrue(asked.stream().anyMatch(one -> one.isFrom(SECONDS / 2)), asked.toString());
    }

    private static void seek(Chromium browser, int second) {
        assertEquals(String.valueOf(second), browser.evaluate("""
                new Promise((resolve, reject) => {
                  video.onerror = () => reject(video.error.message);
                  video.onseeked = () => resolve(String(video.currentTime));
                  video.currentTime = %d;
                })""".formatted(second)));
    }

    /** Returns a sound of which no part is like another: a WAV file, of 16 bits, in stereo. */
    private static byte[] tone() {
        ByteBuffer wav = ByteBuffer.allocate(HEAD + DATA).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEAD - 8 + DATA);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1).putShort((short) 2)
                .putInt(SAMPLES_PER_SECOND).putInt(SAMPLES_PER_SECOND * BYTES_PER_SAMPLE)
                .putShort((short) BYTES_PER_SAMPLE).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(DATA);
        for (int sample = 0; sample < DATA / BYTES_PER_SAMPLE; sample++) {
            wav.putInt(sample * 31);
        }
        return wav.array();
    }
}
