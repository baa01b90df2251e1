package dev.selvedge.server.fake;

/** The session of a fake server: another one after each reset, and none that goes on after the server's end. */
final class Sessions {

    private volatile Session current;

    Sessions(Session first) {
        current = first;
    }

    Session current() {
        return current;
    }

    /**
     * Ends the current session, and begins the next.
     *
     * @param why for whoever goes on to script the old one
     * @throws IllegalStateException if all have been ended
     */
    synchronized void renew(Session next, String why) {
        Session old = current;
        old.script().requireOpen();
        current = next;
        old.end(why);
    }

    /** Ends the current session, behind which no other begins. */
    synchronized void end(String why) {
        current.end(why);
    }
}
