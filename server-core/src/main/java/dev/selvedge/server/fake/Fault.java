package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.Objects;

/**
 * Something that goes wrong in one exchange, exactly where it says. A value, to be added to any response; several
 * together each do their part: wait, then dribble, then stop.
 *
 * <p>Octets of a response are counted from the first octet of its status line, those of a request from the first octet
 * of its method, heads included. A fault of the request can begin only when its head is known, since that decides which
 * reply it gets; a {@link ConnectionFault} begins with the connection's first octet.
 */
public sealed interface Fault {

    /**
     * Waits before the first octet of the response.
     *
     * @param pause how long
     */
    record DelayBeforeStatus(Pause pause) implements Fault {

        /** Needs a pause. */
        public DelayBeforeStatus {
            Objects.requireNonNull(pause, "pause");
        }

        @Override
        public String name() {
            return "delay of " + pause + " before the status line";
        }

        @Override
        public String purpose() {
            return "Shows whether the client waits for a slow server, and for how long.";
        }
    }

    /**
     * Sends the head at once, and waits before the first octet of the body. Without a body it changes nothing.
     *
     * @param pause how long
     */
    record DelayBeforeBody(Pause pause) implements Fault {

        /** Needs a pause. */
        public DelayBeforeBody {
            Objects.requireNonNull(pause, "pause");
        }

        @Override
        public String name() {
            return "delay of " + pause + " between head and body";
        }

        @Override
        public String purpose() {
            return "Shows whether the client's timeout covers the body too, or ends with the head.";
        }
    }

    /**
     * Waits before each chunk but the first one; the last chunk, which is empty, follows at once. It applies to
     * responses that are sent in chunks, whose length is not known beforehand.
     *
     * @param pause how long; drawn again for each chunk
     */
    record DelayBetweenChunks(Pause pause) implements Fault {

        /** Needs a pause. */
        public DelayBetweenChunks {
            Objects.requireNonNull(pause, "pause");
        }

        @Override
        public String name() {
            return "delay of " + pause + " between chunks";
        }

        @Override
        public String purpose() {
            return "Shows whether the client hands on what has come, and whether each pause restarts its timeout.";
        }
    }

    /**
     * Sends no faster than so.
     *
     * @param octetsPerSecond at least 1
     */
    record ThrottleResponse(long octetsPerSecond) implements Fault {

        /**
         * Checks the rate.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public ThrottleResponse {
            Amounts.requireRate(octetsPerSecond);
        }

        @Override
        public String name() {
            return "response at " + octetsPerSecond + " octets per second";
        }

        @Override
        public String purpose() {
            return "Shows whether the client bounds the whole exchange, or only the time between two octets.";
        }
    }

    /**
     * Reads the request no faster than so, once its head is known.
     *
     * @param octetsPerSecond at least 1
     */
    record ThrottleRequest(long octetsPerSecond) implements Fault {

        /**
         * Checks the rate.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public ThrottleRequest {
            Amounts.requireRate(octetsPerSecond);
        }

        @Override
        public String name() {
            return "request read at " + octetsPerSecond + " octets per second";
        }

        @Override
        public String purpose() {
            return "Shows whether the client's write timeout works, and what an upload does that stands still.";
        }
    }

    /**
     * Sends exactly so many octets of the response, and ends there. A response that is shorter is sent as it is, and
     * nothing ends; one that is exactly so long arrives whole before the connection ends.
     *
     * @param octets how many, head included; 0 ends before the first one
     * @param ending how
     */
    record StopResponse(long octets, Ending ending) implements Fault {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public StopResponse {
            Amounts.requireOctets(octets);
            Objects.requireNonNull(ending, "ending");
        }

        @Override
        public String name() {
            return "after " + octets + " octets of the response, " + ending;
        }

        @Override
        public String purpose() {
            return "Shows whether the client takes a part for the whole, and what it does when the server "
                    + ending.deed() + '.';
        }
    }

    /**
     * Takes exactly so many octets of the request, and ends there without an answer. A request that is shorter is
     * answered as usual, and nothing ends; one whose head alone is longer is ended when its head has come.
     *
     * @param octets how many, head included
     * @param ending how
     */
    record StopRequest(long octets, Ending ending) implements Fault {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public StopRequest {
            Amounts.requireOctets(octets);
            Objects.requireNonNull(ending, "ending");
        }

        @Override
        public String name() {
            return "after " + octets + " octets of the request, " + ending;
        }

        @Override
        public String purpose() {
            return "Shows what the client does in the middle of an upload when the server " + ending.deed() + '.';
        }
    }

    /** Never sends {@code 100 Continue}, nor any other interim response; the final response is sent as usual. */
    record WithoutContinue() implements Fault {

        @Override
        public String name() {
            return "no 100 Continue";
        }

        @Override
        public String purpose() {
            return "Shows whether a client that expects 100 Continue sends its body after a while all the same, as RFC"
                    + " 9110 §10.1.1 wants.";
        }
    }

    /**
     * Ends the connection when it has been idle for so long behind the response. A request that comes earlier is
     * answered as usual, and nothing ends.
     *
     * @param pause how long the connection stays usable
     * @param ending how
     */
    record EndIdle(Pause pause, Ending ending) implements Fault {

        /** Needs a pause and an ending. */
        public EndIdle {
            Objects.requireNonNull(pause, "pause");
            Objects.requireNonNull(ending, "ending");
        }

        @Override
        public String name() {
            return "idle for " + pause + " behind the response, " + ending;
        }

        @Override
        public String purpose() {
            return "Shows whether the client's pool notices that the server " + ending.deed()
                    + ", and whether it repeats the request that met the end.";
        }
    }

    // ---- making

    /**
     * Returns the fault that waits before the first octet of the response.
     *
     * @param length from zero to {@link Pause#MAX}
     * @return the fault
     * @throws IllegalArgumentException if the length is out of its range
     */
    static Fault delayBeforeStatus(Duration length) {
        return new DelayBeforeStatus(Pause.of(length));
    }

    /**
     * Returns the fault that waits before the first octet of the response.
     *
     * @param pause how long
     * @return the fault
     */
    static Fault delayBeforeStatus(Pause pause) {
        return new DelayBeforeStatus(pause);
    }

    /**
     * Returns the fault that waits between head and body of the response.
     *
     * @param length from zero to {@link Pause#MAX}
     * @return the fault
     * @throws IllegalArgumentException if the length is out of its range
     */
    static Fault delayBeforeBody(Duration length) {
        return new DelayBeforeBody(Pause.of(length));
    }

    /**
     * Returns the fault that waits between head and body of the response.
     *
     * @param pause how long
     * @return the fault
     */
    static Fault delayBeforeBody(Pause pause) {
        return new DelayBeforeBody(pause);
    }

    /**
     * Returns the fault that waits between the chunks of the response.
     *
     * @param length from zero to {@link Pause#MAX}
     * @return the fault
     * @throws IllegalArgumentException if the length is out of its range
     */
    static Fault delayBetweenChunks(Duration length) {
        return new DelayBetweenChunks(Pause.of(length));
    }

    /**
     * Returns the fault that waits between the chunks of the response.
     *
     * @param pause how long; drawn again for each chunk
     * @return the fault
     */
    static Fault delayBetweenChunks(Pause pause) {
        return new DelayBetweenChunks(pause);
    }

    /**
     * Returns the fault that sends the response slowly.
     *
     * @param octetsPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the rate is less than 1
     */
    static Fault throttleResponse(long octetsPerSecond) {
        return new ThrottleResponse(octetsPerSecond);
    }

    /**
     * Returns the fault that reads the request slowly.
     *
     * @param octetsPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the rate is less than 1
     */
    static Fault throttleRequest(long octetsPerSecond) {
        return new ThrottleRequest(octetsPerSecond);
    }

    /**
     * Returns the fault that ends within the response.
     *
     * @param octets how many octets are sent before, head included; 0 ends before the first one
     * @param ending how it ends
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    static Fault stopAfter(long octets, Ending ending) {
        return new StopResponse(octets, ending);
    }

    /**
     * Returns the fault that ends within the request.
     *
     * @param octets how many octets are taken before, head included
     * @param ending how it ends
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    static Fault stopRequestAfter(long octets, Ending ending) {
        return new StopRequest(octets, ending);
    }

    /**
     * Returns the fault that never sends {@code 100 Continue}.
     *
     * @return the fault
     */
    static Fault withoutContinue() {
        return new WithoutContinue();
    }

    /**
     * Returns the fault that closes the connection when it has been idle for a while behind the response.
     *
     * @param length from zero to {@link Pause#MAX}
     * @return the fault
     * @throws IllegalArgumentException if the length is out of its range
     */
    static Fault closeIdleAfter(Duration length) {
        return new EndIdle(Pause.of(length), Ending.FIN);
    }

    // ---- about it

    /**
     * Returns what it does, in a few words with its numbers: to tell it from others in a report.
     *
     * @return for example {@code "after 10 octets of the response, RESET"}
     */
    String name();

    /**
     * Returns what it is for.
     *
     * @return one sentence
     */
    String purpose();
}
