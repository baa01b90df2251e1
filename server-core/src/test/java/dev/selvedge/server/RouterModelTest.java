package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random routers answer as a model does that compares one route after the other. */
class RouterModelTest {

    private static final String[] LITERALS = {"a", "b", "c", "aa", "Aa", "BB", "C#", "", "é", "%"};
    private static final String[] METHODS = {"GET", "HEAD", "POST", "OPTIONS", "DELETE", "X"};

    /** A route, or (with the method null) a mount whose last segment is the rest. */
    private record ModelRoute(String method, List<String> segments) {

        String pattern() {
            return "/" + String.join("/", segments);
        }

        boolean isMount() {
            return method == null;
        }

        /** Returns the values of the parameters in order, or null if the path does not fit. */
        List<String> match(List<String> path) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                if (segment.endsWith("...}")) {
                    if (i > path.size() || i == path.size() && !isMount()) {
                        return null;
                    }
                    values.add(String.join("/", path.subList(i, path.size())));
                    return values;
                }
                if (i >= path.size()) {
                    return null;
                }
                if (segment.startsWith("{")) {
                    if (path.get(i).isEmpty()) {
                        return null;
                    }
                    values.add(path.get(i));
                } else if (!segment.equals(path.get(i))) {
                    return null;
                }
            }
            return path.size() == segments.size() ? values : null;
        }

        /** Sorts literals before parameters before rests, from left to right. */
        String rank() {
            StringBuilder rank = new StringBuilder();
            for (String segment : segments) {
                rank.append(segment.endsWith("...}") ? '3' : segment.startsWith("{") ? '2' : '1');
            }
            return rank.append('0').toString();
        }
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 200), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRouterAnswersAsAModelDoes(long seed) throws Exception {
        Random random = new Random(seed);
        List<ModelRoute> model = routes(random);
        Router router = builder(model).build();
        for (int i = 0; i < 300; i++) {
            String method = METHODS[random.nextInt(METHODS.length)];
            List<String> path = path(random);
            String target = "/" + String.join("/", path.stream().map(RouterModelTest::encoded).toList());
            Response response = router.handle(Request.builder(method, target).build());
            String answer = response.status() + " " + response.headers().first("Route").orElse("")
                    + response.headers().all("Value");
            assertEquals(expected(model, method, path), answer, () -> "seed " + seed + ", " + method + " " + target
                    + " in " + model);
        }
    }

    /** What begins with the mount's literals is more specific than the mount, so both have to be found. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRouterAndOneThatIsMountedShareTheirPaths(long seed) throws Exception {
        Random random = new Random(seed);
        List<ModelRoute> inner = routes(random).stream().filter(route -> !route.isMount()).toList();
        List<ModelRoute> outer = routes(random).stream().filter(route -> !route.isMount())
                .filter(route -> !route.segments().getFirst().endsWith("...}"))
                .map(route -> new ModelRoute(route.method(), below(route.segments()))).toList();
        Router router = builder(outer).mount("/m", builder(inner).build()).build();
        for (int i = 0; i < 300; i++) {
            String method = METHODS[random.nextInt(METHODS.length)];
            List<String> rest = random.nextInt(20) == 0 ? List.of() : path(random);
            List<String> path = below(rest);
            List<String> innerPath = rest.isEmpty() ? List.of("") : rest;
            String target = "/" + String.join("/", path.stream().map(RouterModelTest::encoded).toList());
            Response response = router.handle(Request.builder(method, target).build());
            String answer = response.status() + " " + response.headers().first("Route").orElse("")
                    + response.headers().all("Value");
            String fromOuter = expected(outer, method, path);
            String fromInner = expected(inner, method, innerPath);
            Set<String> methods = methods(outer, path);
            methods.addAll(methods(inner, innerPath));
            String expected = fromOuter.startsWith("204 /") ? fromOuter : fromInner.startsWith("204 /") ? fromInner
                    : methods.isEmpty() ? "404 []" : method.equals("OPTIONS") ? "204 []" : "405 []";
            String about = "seed " + seed + ", " + method + " " + target + " in " + outer + " with " + inner;
            assertEquals(expected, answer, about);
            if (expected.equals("405 []") || expected.equals("204 []")) {
                String allow = response.headers().first("Allow").orElseThrow();
                assertEquals(methods, new TreeSet<>(List.of(allow.split(", "))), about);
            }
        }
    }

    private static List<String> below(List<String> segments) {
        return Stream.concat(Stream.of("m"), segments.stream()).toList();
    }

    /** Returns what Allow has to name; nothing if no route fits. */
    private static Set<String> methods(List<ModelRoute> model, List<String> path) {
        Set<String> methods = new TreeSet<>();
        for (ModelRoute route : model) {
            if (route.match(path) != null) {
                methods.addAll(List.of(route.method(), "OPTIONS"));
                if (route.method().equals("GET")) {
                    methods.add("HEAD");
                }
            }
        }
        return methods;
    }

    private static List<ModelRoute> routes(Random random) {
        Map<String, ModelRoute> routes = new LinkedHashMap<>();
        Set<String> rests = new HashSet<>();
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            boolean mount = random.nextInt(12) == 0;
            List<String> segments = new ArrayList<>();
            int length = 1 + random.nextInt(4);
            for (int s = 0; s < length; s++) {
                segments.add(!mount && random.nextInt(3) == 0 ? "{p" + i + "-" + s + "}" : literal(random));
            }
            boolean emptyAtTheEnd = segments.getLast().isEmpty();
            if (mount && emptyAtTheEnd) {
                continue;
            }
            if (mount || random.nextInt(5) == 0) {
                segments.add("{rest" + i + "...}");
            }
            String method = mount ? null : METHODS[random.nextInt(METHODS.length)];
            ModelRoute route = new ModelRoute(method, segments);
            String shape = route.pattern().replaceAll("\\{[^}]*?(\\.\\.\\.)?\\}", "{$1}");
            if (shape.endsWith("{...}") && (mount ? rests.contains(shape) : routes.containsKey("null " + shape))) {
                continue;
            }
            if (shape.endsWith("{...}")) {
                rests.add(shape);
            }
            routes.putIfAbsent(method + " " + shape, route);
        }
        return List.copyOf(routes.values());
    }

    private static String literal(Random random) {
        // A literal percent sign can't be written in a pattern, and a number sign neither.
        return LITERALS[random.nextInt(LITERALS.length - 1)].replace("#", "h");
    }

    private static List<String> path(Random random) {
        List<String> path = new ArrayList<>();
        for (int length = 1 + random.nextInt(6); length > 0; length--) {
            path.add(LITERALS[random.nextInt(LITERALS.length)].replace("#", "h"));
        }
        return path;
    }

    private static String encoded(String segment) {
        return segment.replace("%", "%25").replace("é", "%C3%A9").replace("c", "%63");
    }

    private static Router.Builder builder(List<ModelRoute> model) {
        Router.Builder builder = Router.builder();
        for (ModelRoute route : model) {
            if (route.isMount()) {
                String prefix = route.pattern().substring(0, route.pattern().lastIndexOf('/'));
                builder.mount(prefix, request -> Response.empty().withHeader("Route", route.pattern())
                        .withHeader("Value", encoded(request.pathInMount().replaceFirst("/", ""))));
            } else {
                builder.route(route.method(), route.pattern(), request -> {
                    Response response = Response.empty().withHeader("Route", route.pattern());
                    for (String segment : route.segments()) {
                        if (segment.startsWith("{")) {
                            String name = segment.substring(1, segment.length() - (segment.endsWith("...}") ? 4 : 1));
                            response = response.withAddedHeader("Value", encoded(request.pathParameter(name)));
                        }
                    }
                    return response;
                });
            }
        }
        return builder;
    }

    private static String expected(List<ModelRoute> model, String method, List<String> path) {
        List<ModelRoute> fitting = model.stream().filter(route -> route.match(path) != null)
                .sorted((a, b) -> a.rank().compareTo(b.rank())).toList();
        Set<String> known = new HashSet<>();
        for (int i = 0; i < fitting.size(); i++) {
            ModelRoute route = fitting.get(i);
            if (route.isMount() && method.equals("OPTIONS") && !known.isEmpty()) {
                break;
            }
            boolean head = method.equals("HEAD") && "GET".equals(route.method()) && fitting.stream()
                    .noneMatch(other -> "HEAD".equals(other.method()) && other.rank().equals(route.rank())
                            && shape(other).equals(shape(route)));
            if (route.isMount() || route.method().equals(method) || head) {
                return "204 " + route.pattern() + route.match(path).stream().map(RouterModelTest::encoded).toList();
            }
            known.add(route.method());
        }
        return known.isEmpty() ? "404 []" : method.equals("OPTIONS") ? "204 []" : "405 []";
    }

    private static String shape(ModelRoute route) {
        return route.pattern().replaceAll("\\{[^}]*\\}", "{}");
    }
}
