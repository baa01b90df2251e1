package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** The Server and Date fields, made once a second (RFC 9110 §6.6.1, §10.2.4). Immutable. */
public final class ServerFields {

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final byte[] NOTHING = {};

    private final long epochSecond;
    private final byte[] server;
    private final byte[] date;
    private final byte[] both;
    private final byte[] usualBeginning;

    /**
     * Makes the fields of one second.
     *
     * @param serverName the value of Server, or empty for no such field
     * @param epochSecond the second since 1970
     */
    public ServerFields(String serverName, long epochSecond) {
        this.epochSecond = epochSecond;
        this.server = (serverName.isEmpty() ? "" : "Server: " + serverName + "\r\n").getBytes(ISO_8859_1);
        this.date = ("Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(epochSecond)) + "\r\n").getBytes(ISO_8859_1);
        this.both = new byte[server.length + date.length];
        System.arraycopy(server, 0, both, 0, server.length);
        System.arraycopy(date, 0, both, server.length, date.length);
        byte[] ok = StatusLine.octets(200);
        this.usualBeginning = Arrays.copyOf(ok, ok.length + both.length);
        System.arraycopy(both, 0, usualBeginning, ok.length, both.length);
    }

    /** Returns how most responses begin: the status line of 200, Server, Date. */
    byte[] usualBeginning() {
        return usualBeginning;
    }

    /**
     * Returns the second that the date names.
     *
     * @return seconds since 1970
     */
    public long epochSecond() {
        return epochSecond;
    }

    /** Returns the lines that a response with these fields still lacks: Date and Server stand once (RFC 9110 §5.3). */
    byte[] octets(FieldSection fields) {
        if (fields.hasDate()) {
            return fields.hasServer() ? NOTHING : server;
        }
        return fields.hasServer() ? date : both;
    }

    /** Where the fields of a moment come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * Returns the fields of this second. Called by any thread.
         *
         * @param now the engine's time, in nanoseconds
         * @return the fields
         */
        ServerFields at(long now);
    }
}
