package dev.selvedge.server.fake;

import java.util.Set;

/** Where in the test something was said, for messages. */
final class Place {

    private static final Set<String> OURS = Set.of(Place.class.getName(), FakeServer.class.getName(),
            Rule.class.getName(), Verification.class.getName(), Script.class.getName(), Condition.class.getName());

    private Place() { }

    /** Returns the file and the line of whoever called this package, such as {@code UserTest.java:31}. */
    static String ofCaller() {
        return StackWalker.getInstance().walk(frames -> frames
                .filter(frame -> !OURS.contains(outermost(frame.getClassName())))
                .findFirst().map(frame -> frame.getFileName() + ":" + frame.getLineNumber()).orElse("?"));
    }

    private static String outermost(String className) {
        int dollar = className.indexOf('$');
        return dollar < 0 ? className : className.substring(0, dollar);
    }
}
