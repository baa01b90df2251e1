package dev.selvedge.examples;

import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A REST API that keeps users in memory: all methods, checked input, and every error as a problem document (RFC 9457).
 *
 * <pre>
 * curl -i http://localhost:8080/users --json '{"name": "Ada", "email": "ada@example.org"}'
 * curl -i http://localhost:8080/users
 * curl -i http://localhost:8080/users/1
 * curl -i http://localhost:8080/users/1 -X PUT    --json '{"name": "Ada Lovelace", "email": "ada@example.org"}'
 * curl -i http://localhost:8080/users/1 -X PATCH  --json '{"email": "ada@example.com"}'
 * curl -i http://localhost:8080/users/1 -X DELETE
 * curl -i http://localhost:8080/users   -X OPTIONS
 * curl -i http://localhost:8080/users   --json '{"name": ""}'
 * </pre>
 *
 * <p>The handlers are plain ones, which run on virtual threads and may block: in earnest they would ask a database.
 */
final class JsonApi {

    /** What a client sees of a user. */
    record User(String id, String name, String email) { }

    /** A name and an e-mail address that have been checked. */
    record Draft(String name, String email) { }

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Users users = new Users();

    static void main() {
        HttpServer server = start(Integer.getInteger("port", 8080));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        IO.println("JsonApi is at " + server.uri() + "users over " + server.transport() + "; press Ctrl-C to stop it");
    }

    static HttpServer start(int port) {
        return HttpServer.start(port, new JsonApi().router());
    }

    // ---- what there is, and who answers

    Router router() {
        return Router.builder()
                .get("/users", request -> json(users.all()))
                .post("/users", this::create)
                .get("/users/{id}", this::read)
                .put("/users/{id}", this::replace)
                .patch("/users/{id}", this::change)
                .delete("/users/{id}", this::delete)
                .notFound(request -> problem(404, "there is nothing at " + request.path()))
                .methodNotAllowed(request -> problem(405, request.method() + " is not possible here"))
                .onException((request, exception) -> switch (exception) {
                    case Refused refused -> refused.response;
                    case JacksonException e -> problem(400, "the body is not JSON: " + e.getOriginalMessage());
                    default -> throw exception;     // not foreseen: the server logs it and answers 500
                })
                .build();
    }

    private Response create(Request request) throws Exception {
        return switch (users.add(checked(body(request)))) {
            case Users.Stored(User user) -> json(user).withStatus(201).withHeader("Location", "/users/" + user.id());
            case Users.EmailTaken taken -> emailTaken();
            case Users.Outdated outdated -> throw new AssertionError("a new user can't be outdated");
        };
    }

    private Response read(Request request) throws Refused {
        return json(find(request));
    }

    private Response replace(Request request) throws Exception {
        return store(find(request), body(request));
    }

    /** Takes the members that are there, and leaves the others as they are (RFC 7396); null removes one. */
    private Response change(Request request) throws Exception {
        User user = find(request);
        ObjectNode merged = JSON.valueToTree(user);
        merged.setAll(body(request));
        return store(user, merged);
    }

    private Response delete(Request request) throws Refused {
        users.remove(find(request).id());
        return Response.empty();
    }

    private User find(Request request) throws Refused {
        String id = request.pathParameter("id");
        return users.find(id).orElseThrow(() -> new Refused(problem(404, "there is no user " + id)));
    }

    private Response store(User before, ObjectNode after) throws Refused {
        return switch (users.replace(before, checked(after))) {
            case Users.Stored(User user) -> json(user);
            case Users.EmailTaken taken -> emailTaken();
            case Users.Outdated outdated -> problem(409, "somebody else has changed the user meanwhile");
        };
    }

    // ---- input

    /** Reads the body as a JSON object. */
    private static ObjectNode body(Request request) throws IOException, Refused {
        String type = request.mediaType().orElse("none");
        boolean merge = request.method().equals("PATCH") && type.equals("application/merge-patch+json");
        if (!merge && !type.equals("application/json")) {
            throw new Refused(problem(415, "the Content-Type has to be application/json")
                    .withHeader("Accept", "application/json"));
        }
        if (JSON.readTree(request.body().bytes()) instanceof ObjectNode object) {
            return object;
        }
        throw new Refused(problem(422, "the body has to be a JSON object"));
    }

    /** Checks all members before it complains, so that a client learns all at once. Others than these are ignored. */
    private static Draft checked(ObjectNode body) throws Refused {
        Map<String, String> errors = new LinkedHashMap<>();
        String name = text(body, "name", errors);
        String email = text(body, "email", errors);
        int at = email.indexOf('@');
        if (!errors.containsKey("email") && (at < 1 || at == email.length() - 1 || email.contains(" "))) {
            errors.put("email", "is no e-mail address");
        }
        if (!errors.isEmpty()) {
            throw new Refused(problem(422, "the user is not valid", errors));
        }
        return new Draft(name, email);
    }

    private static String text(ObjectNode body, String member, Map<String, String> errors) {
        JsonNode node = body.path(member);
        String text = node.isString() ? node.stringValue().strip() : "";
        if (node.isMissingNode() || node.isNull()) {
            errors.put(member, "is missing");
        } else if (!node.isString()) {
            errors.put(member, "has to be a string");
        } else if (text.isEmpty()) {
            errors.put(member, "is empty");
        } else if (text.length() > 200) {
            errors.put(member, "is longer than 200 characters");
        }
        return text;
    }

    // ---- output

    private static Response json(Object value) {
        return Response.json(JSON.writeValueAsString(value));
    }

    private static Response emailTaken() {
        return problem(409, "another user has this e-mail address");
    }

    private static Response problem(int status, String detail) {
        return problem(status, detail, Map.of());
    }

    private static Response problem(int status, String detail, Map<String, String> errors) {
        ObjectNode problem = JSON.createObjectNode().put("status", status).put("detail", detail);
        if (!errors.isEmpty()) {
            problem.set("errors", JSON.valueToTree(errors));
        }
        return Response.bytes("application/problem+json", JSON.writeValueAsBytes(problem)).withStatus(status);
    }

    /** Ends the work on a request with a response, from wherever the reason is found. */
    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Response response;

        Refused(Response response) {
            super(response.toString(), null, false, false);     // no stack trace: it is an answer, not a failure
            this.response = response;
        }
    }

    // ---- the store

    /** Users by their ids, for many threads at once. No two have the same e-mail address. */
    static final class Users {

        /** How it ends when a user is stored. */
        sealed interface Outcome { }

        record Stored(User user) implements Outcome { }

        record EmailTaken() implements Outcome { }

        record Outdated() implements Outcome { }

        private final Map<String, User> byId = new LinkedHashMap<>();
        private long lastId;

        synchronized List<User> all() {
            return List.copyOf(byId.values());
        }

        synchronized Optional<User> find(String id) {
            return Optional.ofNullable(byId.get(id));
        }

        synchronized Outcome add(Draft draft) {
            return put(Long.toString(lastId + 1), draft);
        }

        /** Stores the new values if the user is still what it was when they were made. */
        synchronized Outcome replace(User before, Draft after) {
            return before.equals(byId.get(before.id())) ? put(before.id(), after) : new Outdated();
        }

        synchronized void remove(String id) {
            byId.remove(id);
        }

        private Outcome put(String id, Draft draft) {
            for (User other : byId.values()) {
                if (other.email().equalsIgnoreCase(draft.email()) && !other.id().equals(id)) {
                    return new EmailTaken();
                }
            }
            User user = new User(id, draft.name(), draft.email());
            lastId += byId.put(id, user) == null ? 1 : 0;
            return new Stored(user);
        }
    }
}
