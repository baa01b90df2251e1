package dev.selvedge.server.engine;

import java.io.IOException;

/** The connection of a request has failed or was closed: nobody is left who could be answered. */
public final class ConnectionFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what has happened
     */
    public ConnectionFailedException(String message) {
        super(message);
    }
}
