package dev.selvedge.server.fake;

import dev.selvedge.server.Headers;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One thing that is asked of a request.
 *
 * @param text what is asked, to stand behind "with": {@code the header "Accept: text/html"}
 * @param ofHead whether the head alone can answer it
 * @param miss returns why a request is not so, as a sentence without capital and full stop, or null if it is
 */
record Condition(String text, boolean ofHead, Function<RecordedRequest, String> miss) {

    static Condition header(String name, String value) {
        Headers.of(name, value);        // refuses what no request could have
        return new Condition("the header \"" + name + ": " + value + "\"", true, request -> {
            List<String> values = request.headers().all(name);
            return values.contains(value) ? null : values.isEmpty()
                    ? "it has no header " + name + ", which should be \"" + value + "\""
                    : "its header " + name + " is " + quoted(values) + ", not \"" + value + "\"";
        });
    }

    static Condition query(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        return new Condition("the query parameter \"" + name + "=" + value + "\"", true, request -> {
            List<String> values = request.queryParameters().getOrDefault(name, List.of());
            return values.contains(value) ? null : values.isEmpty()
                    ? "it has no query parameter " + name + ", which should be \"" + value + "\""
                    : "its query parameter " + name + " is " + quoted(values) + ", not \"" + value + "\"";
        });
    }

    static Condition body(Predicate<String> predicate) {
        Objects.requireNonNull(predicate, "predicate");
        String place = Place.ofCaller();
        return new Condition("a body that passes the test at " + place, false, request -> predicate.test(request.bodyText())
                ? null : "its body does not pass the test at " + place + ": " + Listing.excerpt(request.bodyText()));
    }

    static Condition where(String description, Predicate<RecordedRequest> predicate) {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(predicate, "predicate");
        return new Condition(description, false, request -> predicate.test(request) ? null : "it is not so: " + description);
    }

    /** Returns why a request is not so, or null if it is. What a user's predicate throws is a reason, too. */
    String missOf(RecordedRequest request) {
        try {
            return miss.apply(request);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return "the question whether it has " + text + " failed: " + e;
        }
    }

    private static String quoted(List<String> values) {
        return "\"" + String.join("\" and \"", values) + "\"";
    }
}
