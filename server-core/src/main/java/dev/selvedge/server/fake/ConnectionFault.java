package dev.selvedge.server.fake;

import java.time.Duration;
import java.util.Objects;

/**
 * Something that goes wrong with a connection as a whole, whatever is asked on it. A value; several together each do
 * their part, beside the {@link Fault faults} of single exchanges.
 */
public sealed interface ConnectionFault {

    /**
     * Waits before the connection is accepted. The client is connected all the same, because the system does that by
     * itself; what it sends waits.
     *
     * @param pause how long
     */
    record DelayAccept(Pause pause) implements ConnectionFault {

        /** Needs a pause. */
        public DelayAccept {
            Objects.requireNonNull(pause, "pause");
        }

        @Override
        public String name() {
            return "delay of " + pause + " before accept";
        }

        @Override
        public String purpose() {
            return "Shows whether the client bounds the first exchange on a connection that nobody serves yet.";
        }
    }

    /**
     * Reads from the connection no faster than so.
     *
     * @param octetsPerSecond at least 1
     */
    record ThrottleReceiving(long octetsPerSecond) implements ConnectionFault {

        /**
         * Checks the rate.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public ThrottleReceiving {
            Amounts.requireRate(octetsPerSecond);
        }

        @Override
        public String name() {
            return "connection read at " + octetsPerSecond + " octets per second";
        }

        @Override
        public String purpose() {
            return "Shows what the client does on a line that hardly takes what it sends.";
        }
    }

    /**
     * Sends on the connection no faster than so.
     *
     * @param octetsPerSecond at least 1
     */
    record ThrottleSending(long octetsPerSecond) implements ConnectionFault {

        /**
         * Checks the rate.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public ThrottleSending {
            Amounts.requireRate(octetsPerSecond);
        }

        @Override
        public String name() {
            return "connection written at " + octetsPerSecond + " octets per second";
        }

        @Override
        public String purpose() {
            return "Shows what the client does on a line that hardly brings anything.";
        }
    }

    /**
     * Takes exactly so many octets on the connection, and ends there.
     *
     * @param octets how many, over all requests; 0 ends at once
     * @param ending how
     */
    record StopReceiving(long octets, Ending ending) implements ConnectionFault {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public StopReceiving {
            Amounts.requireOctets(octets);
            Objects.requireNonNull(ending, "ending");
        }

        @Override
        public String name() {
            return "after " + octets + " octets received, " + ending;
        }

        @Override
        public String purpose() {
            return "Shows what the client does when the server " + ending.deed() + " before it has heard it out.";
        }
    }

    /**
     * Sends exactly so many octets on the connection, and ends there.
     *
     * @param octets how many, over all responses; 0 ends before the first one
     * @param ending how
     */
    record StopSending(long octets, Ending ending) implements ConnectionFault {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public StopSending {
            Amounts.requireOctets(octets);
            Objects.requireNonNull(ending, "ending");
        }

        @Override
        public String name() {
            return "after " + octets + " octets sent, " + ending;
        }

        @Override
        public String purpose() {
            return "Shows whether the client recovers from a connection that breaks at any octet of any response, when"
                    + " the server " + ending.deed() + '.';
        }
    }

    // ---- making

    /**
     * Returns the fault that waits before the connection is accepted.
     *
     * @param length from zero to {@link Pause#MAX}
     * @return the fault
     * @throws IllegalArgumentException if the length is out of its range
     */
    static ConnectionFault delayAccept(Duration length) {
        return new DelayAccept(Pause.of(length));
    }

    /**
     * Returns the fault that waits before the connection is accepted.
     *
     * @param pause how long; drawn again for each connection
     * @return the fault
     */
    static ConnectionFault delayAccept(Pause pause) {
        return new DelayAccept(pause);
    }

    /**
     * Returns the fault that reads slowly.
     *
     * @param octetsPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the rate is less than 1
     */
    static ConnectionFault throttleReceiving(long octetsPerSecond) {
        return new ThrottleReceiving(octetsPerSecond);
    }

    /**
     * Returns the fault that sends slowly.
     *
     * @param octetsPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the rate is less than 1
     */
    static ConnectionFault throttleSending(long octetsPerSecond) {
        return new ThrottleSending(octetsPerSecond);
    }

    /**
     * Returns the fault that ends the connection behind so many octets of the client.
     *
     * @param octets how many are taken before; 0 ends the connection as soon as it is there
     * @param ending how it ends
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    static ConnectionFault stopReceivingAfter(long octets, Ending ending) {
        return new StopReceiving(octets, ending);
    }

    /**
     * Returns the fault that ends the connection behind so many octets of the server.
     *
     * @param octets how many are sent before; 0 ends it instead of the first one
     * @param ending how it ends
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    static ConnectionFault stopSendingAfter(long octets, Ending ending) {
        return new StopSending(octets, ending);
    }

    // ---- about it

    /**
     * Returns what it does, in a few words with its numbers: to tell it from others in a report.
     *
     * @return for example {@code "after 0 octets received, RESET"}
     */
    String name();

    /**
     * Returns what it is for.
     *
     * @return one sentence
     */
    String purpose();
}
