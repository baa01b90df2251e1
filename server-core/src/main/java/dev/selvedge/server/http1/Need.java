package dev.selvedge.server.http1;

/** What a {@link ServerConnection} needs next. */
public enum Need {
    /** More input. */
    READ,
    /** The {@linkplain ServerConnection#output() output} sent. */
    WRITE,
    /** A part of the file sent that the answer named: {@link ServerConnection#fileRemaining()}. */
    SEND_FILE,
    /** A decision who answers the head: {@link ServerConnection#collect} or {@link ServerConnection#stream}. */
    DISPATCH,
    /** An answer, made at once with the collected body: {@link ServerConnection#begin}, then {@code answer}. */
    HANDLE,
    /** Patience: the answer, or more of it, is being made. */
    AWAIT,
    /** Time, until the {@linkplain ServerConnection#deadline deadline}: nothing more is to be read or sent. */
    PAUSE,
    /** The sending side ended; reading goes on. */
    SHUT_DOWN_OUTPUT,
    /** The connection closed. */
    CLOSE,
    /** The connection reset, because the client must not take what it got for a whole response. */
    ABORT
}
