package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.RequestHead;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long it takes to find the route of a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {

    private static final Response ANSWER = Response.text("here");

    /** How many routes the router has. */
    @Param({"10", "1000"})
    public int routes;

    private RouteTree tree;
    private RequestHead literal;
    private RequestHead parameter;
    private RequestHead missing;

    /** Makes the router: half of the routes are literal, the other half have two parameters. */
    @Setup
    public void makeRouter() {
        Router.Builder router = Router.builder();
        for (int i = 0; i < routes / 2; i++) {
            router.get("/api/v1/resource" + i, request -> ANSWER);
            router.get("/api/v1/resource" + i + "/{id}/items/{item}", request -> ANSWER);
        }
        tree = router.build().tree(Layers.NONE, 0, false, MarkedHandler.NO_OWN_LIMIT);
        int middle = routes / 4;
        literal = get("/api/v1/resource" + middle);
        parameter = get("/api/v1/resource" + middle + "/4711/items/42");
        missing = get("/api/v2/resource" + middle);
    }

    private static RequestHead get(String target) {
        return RequestHead.of("GET", target, FieldSection.EMPTY);
    }

    /** Finds a route without parameters. */
    @Benchmark
    public Route literal() {
        return route(literal);
    }

    /** Finds a route with two parameters, whose values stay where they are until somebody asks. */
    @Benchmark
    public Route parameters() {
        return route(parameter);
    }

    /** Finds out that there is no route, in any method. */
    @Benchmark
    public Route notFound() {
        return route(missing);
    }

    private Route route(RequestHead head) {
        return tree.select(head.method(), head.octets(), head.pathFrom(), head.pathTo(), false);
    }
}
