package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.HeadLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    @Test
    void theDefaultsProtect() {
        Limits limits = Limits.DEFAULT;
        assertEquals(8192, limits.maxRequestLineBytes());
        assertEquals(16384, limits.maxHeaderSectionBytes());
        assertEquals(100, limits.maxHeaderFields());
        assertEquals(8 * 1024 * 1024, limits.maxBodyBytes());
        assertEquals(Duration.ofSeconds(10), limits.headerTimeout());
        assertEquals(Duration.ofSeconds(60), limits.idleTimeout());
        assertEquals(240, limits.minBytesPerSecond());
        assertEquals(Duration.ofSeconds(5), limits.paceTime());
        assertEquals(256 * 1024, limits.maxUnsentBytes());
        assertEquals(10_000, limits.maxBlockingHandlers());
        assertEquals(Duration.ZERO, limits.handlerTimeout());
        assertTrue(limits.maxConnections() >= 16, limits.toString());
    }

    @Test
    void eachLimitCanBeChangedByItself() {
        Limits limits = Limits.DEFAULT.withMaxRequestLineBytes(100).withMaxHeaderSectionBytes(200)
                .withMaxHeaderFields(3)
                .withMaxBodyBytes(4).withMaxChunkExtensionBytes(5).withMaxDrainBytes(6).withMaxLingerBytes(7)
                .withLingerTimeout(Duration.ofSeconds(8)).withHeaderTimeout(Duration.ofSeconds(9))
                .withIdleTimeout(Duration.ofSeconds(10)).withMinBytesPerSecond(11).withPaceTime(Duration.ofSeconds(12))
                .withMaxUnsentBytes(16_384).withMaxConnections(13).withMaxBlockingHandlers(14)
                .withHandlerTimeout(Duration.ofSeconds(15));
        assertEquals(new Limits(100, 200, 3, 4, 5, 6, 7, Duration.ofSeconds(8), Duration.ofSeconds(9),
                Duration.ofSeconds(10), 11, Duration.ofSeconds(12), 16_384, 13, 14,
                Duration.ofSeconds(15)), limits);
    }

    @Test
    void theProtocolGetsItsUnits() {
        Limits limits = Limits.DEFAULT.withMaxChunkExtensionBytes(5).withMaxDrainBytes(6).withMaxLingerBytes(7)
                .withLingerTimeout(Duration.ofMillis(8));
        assertEquals(new ConnectionLimits(new HeadLimits(8192, 16384, 100), 10_000_000_000L, 60_000_000_000L, 1200,
                5_000_000_000L, 5, 6, 7, 8_000_000L), limits.forConnections());
        assertEquals(1, limits.withMinBytesPerSecond(1).withPaceTime(Duration.ofMillis(1))
                .forConnections().paceBytes());
    }

    private static void assertRefused(String message, Executable change) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, change).getMessage());
    }

    @Test
    void aLimitOutOfItsRangeIsRefusedByName() {
        Limits limits = Limits.DEFAULT;
        assertRefused("maxRequestLineBytes is 15; it must be from 16 to 65000",
                () -> limits.withMaxRequestLineBytes(15));
        assertRefused("maxHeaderSectionBytes is 0; it must be from 16 to 65000",
                () -> limits.withMaxHeaderSectionBytes(0));
        assertRefused("maxRequestLineBytes + maxHeaderSectionBytes is 68192; it must be from 32 to 65000",
                () -> limits.withMaxHeaderSectionBytes(60_000));
        assertRefused("maxHeaderFields is 0; it must be from 1 to 10000", () -> limits.withMaxHeaderFields(0));
        assertRefused("maxBodyBytes is -1; it must be at least 0", () -> limits.withMaxBodyBytes(-1));
        assertRefused("maxChunkExtensionBytes is -1; it must be from 0 to 65000",
                () -> limits.withMaxChunkExtensionBytes(-1));
        assertRefused("maxDrainBytes is -1; it must be at least 0", () -> limits.withMaxDrainBytes(-1));
        assertRefused("maxLingerBytes is -1; it must be at least 0", () -> limits.withMaxLingerBytes(-1));
        assertRefused("minBytesPerSecond is 0; it must be at least 1", () -> limits.withMinBytesPerSecond(0));
        assertRefused("maxUnsentBytes is 16383; it must be at least 16384", () -> limits.withMaxUnsentBytes(16_383));
        assertRefused("maxConnections is 0; it must be at least 1", () -> limits.withMaxConnections(0));
        assertRefused("maxBlockingHandlers is 0; it must be at least 1", () -> limits.withMaxBlockingHandlers(0));
        assertRefused("lingerTimeout is PT0S; it must be from 1 ms to 1 day",
                () -> limits.withLingerTimeout(Duration.ZERO));
        assertRefused("headerTimeout is PT-1S; it must be from 1 ms to 1 day",
                () -> limits.withHeaderTimeout(Duration.ofSeconds(-1)));
        assertRefused("idleTimeout is PT25H; it must be from 1 ms to 1 day",
                () -> limits.withIdleTimeout(Duration.ofHours(25)));
        assertRefused("paceTime is PT0.0005S; it must be from 1 ms to 1 day",
                () -> limits.withPaceTime(Duration.ofNanos(500_000)));
    }

    @ParameterizedTest
    @CsvSource({"1024, 896", "64, 16", "100, 30", "1048576, 1000000", "524288, 523288", "unlimited, 1000000",
        "nonsense, 10000"})
    void connectionsLeaveAReserveOfOpenFiles(String softLimit, int connections) {
        assertEquals(connections, OpenFiles.maxConnections(List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max cpu time              unlimited            unlimited            seconds   ",
                "Max open files            " + softLimit + "      2097152              files     ")));
    }

    @Test
    void aSystemThatDoesNotTellGetsAFixedNumber() {
        assertEquals(10_000, OpenFiles.maxConnections(List.of()));
    }
}
