package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.Objects;

/**
 * An event of a stream of type {@code text/event-stream}, as browsers read it (the HTML standard, section "Server-sent
 * events"). Immutable.
 */
public final class ServerSentEvent {

    private final String fields;
    private final String data;

    private ServerSentEvent(String fields, String data) {
        this.fields = fields;
        this.data = data;
    }

    /**
     * Returns an event with data.
     *
     * @param data any text; its lines end with LF, CR or both
     * @return the event, of type {@code message} if nothing else is said
     */
    public static ServerSentEvent of(String data) {
        StringBuilder lines = new StringBuilder();
        for (String line : data.split("\r\n|\r|\n", -1)) {
            lines.append("data: ").append(line).append('\n');
        }
        return new ServerSentEvent("", lines.toString());
    }

    /**
     * Returns a comment, which clients pass over: a sign that the stream lives.
     *
     * @param text one line
     * @return what is sent
     * @throws IllegalArgumentException if it has a line end
     */
    public static ServerSentEvent comment(String text) {
        return new ServerSentEvent("", ": " + requireLine("comment", text) + "\n");
    }

    /**
     * Returns this event with a type.
     *
     * @param type what clients listen for
     * @return the new event
     * @throws IllegalArgumentException if it has a line end
     */
    public ServerSentEvent withType(String type) {
        return with("event", requireLine("type", type));
    }

    /**
     * Returns this event with an identifier, which a client sends as {@code Last-Event-ID} when it connects again.
     *
     * @param id the identifier
     * @return the new event
     * @throws IllegalArgumentException if it has a line end or a NUL, with which clients ignore it
     */
    public ServerSentEvent withId(String id) {
        if (id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the id has a NUL; clients would ignore it");
        }
        return with("id", requireLine("id", id));
    }

    /**
     * Returns this event with the time after which clients are to connect again when the stream has ended.
     *
     * @param time at least zero; sent in milliseconds
     * @return the new event
     * @throws IllegalArgumentException if it is negative
     */
    public ServerSentEvent withRetry(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time before connecting again is " + time + "; it can't be negative");
        }
        return with("retry", String.valueOf(time.toMillis()));
    }

    private ServerSentEvent with(String name, String value) {
        return new ServerSentEvent(fields + name + ": " + value + "\n", data);
    }

    private static String requireLine(String what, String text) {
        Objects.requireNonNull(text, what);
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("the " + what + " has a line end; it must be one line");
        }
        return text;
    }

    /** Returns what is sent: the event's lines and an empty one. */
    @Override
    public String toString() {
        return fields + data + "\n";
    }
}
