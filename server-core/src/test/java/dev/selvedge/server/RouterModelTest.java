package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
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
        Router router = router(model);
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

    private static Router router(List<ModelRoute> model) {
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
        return builder.build();
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
