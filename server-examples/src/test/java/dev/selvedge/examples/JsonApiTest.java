package dev.selvedge.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.examples.JsonApi.Draft;
import dev.selvedge.examples.JsonApi.User;
import dev.selvedge.examples.JsonApi.Users;
import dev.selvedge.server.HttpServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonApiTest {

    private static final String ADA = "{\"name\": \"Ada\", \"email\": \"ada@example.org\"}";
    private static final String BOB = "{\"name\": \"Bob\", \"email\": \"bob@example.org\"}";

    private final JsonMapper json = new JsonMapper();

    @AutoClose
    private final HttpServer server = JsonApi.start(0);

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void itRunsAsAProgram() throws Exception {
        try (ExampleProgram program = ExampleProgram.start(JsonApi.class)) {
            HttpResponse<String> users =
                    client.send(HttpRequest.newBuilder(program.uri()).build(), BodyHandlers.ofString());
            assertEquals("[]", users.body());
            program.terminate();
            assertEquals(new ExampleProgram.Ending(ExampleProgram.STATUS_OF_SIGTERM, "", ""), program.awaitEnd());
        }
    }

    // ---- the life of a user

    @Test
    void aCreatedUserIsFoundWhereLocationSays() throws Exception {
        HttpResponse<String> created = send("POST", "/users", ADA);
        assertEquals(201, created.statusCode());
        assertJson("{'id': '1', 'name': 'Ada', 'email': 'ada@example.org'}", created);

        HttpResponse<String> found = send("GET", created.headers().firstValue("Location").orElseThrow());
        assertEquals(200, found.statusCode());
        assertEquals(created.body(), found.body());
        assertJson("[{'id': '1', 'name': 'Ada', 'email': 'ada@example.org'}]", send("GET", "/users"));
    }

    @Test
    void putReplacesTheWholeUser() throws Exception {
        send("POST", "/users", ADA);
        HttpResponse<String> replaced = send("PUT", "/users/1", "{\"name\": \"Ada L\", \"email\": \"l@example.org\"}");
        assertEquals(200, replaced.statusCode());
        assertJson("{'id': '1', 'name': 'Ada L', 'email': 'l@example.org'}", replaced);
        assertEquals(replaced.body(), send("GET", "/users/1").body());
        assertProblem(422, "the user is not valid", send("PUT", "/users/1", "{\"name\": \"Ada\"}"));
    }

    @ParameterizedTest
    @CsvSource({"application/json", "application/merge-patch+json", "Application/JSON; charset=utf-8"})
    void patchLeavesWhatItDoesNotMention(String type) throws Exception {
        send("POST", "/users", ADA);
        HttpResponse<String> changed = send("PATCH", "/users/1", type, "{\"email\": \"ada@example.com\"}");
        assertEquals(200, changed.statusCode());
        assertJson("{'id': '1', 'name': 'Ada', 'email': 'ada@example.com'}", changed);
        assertEquals(changed.body(), send("GET", "/users/1").body());
    }

    @Test
    void aPatchCannotRemoveWhatAUserNeeds() throws Exception {
        send("POST", "/users", ADA);
        HttpResponse<String> refused = send("PATCH", "/users/1", "{\"name\": null}");
        assertProblem(422, "the user is not valid", refused);
        assertEquals("is missing", json.readTree(refused.body()).at("/errors/name").stringValue());
    }

    @Test
    void nobodyCanChangeTheIdOfAUser() throws Exception {
        send("POST", "/users", ADA);
        send("PATCH", "/users/1", "{\"id\": \"7\", \"name\": \"Ada L\"}");
        assertJson("[{'id': '1', 'name': 'Ada L', 'email': 'ada@example.org'}]", send("GET", "/users"));
    }

    @Test
    void aDeletedUserIsGoneAndItsIdIsNotGivenAgain() throws Exception {
        send("POST", "/users", ADA);
        HttpResponse<String> deleted = send("DELETE", "/users/1");
        assertEquals(204, deleted.statusCode());
        assertEquals("", deleted.body());
        assertProblem(404, "there is no user 1", send("GET", "/users/1"));
        assertProblem(404, "there is no user 1", send("DELETE", "/users/1"));
        assertEquals("/users/2", send("POST", "/users", ADA).headers().firstValue("Location").orElseThrow());
        send("DELETE", "/users/2");
        assertEquals("/users/3", send("POST", "/users", ADA).headers().firstValue("Location").orElseThrow());
    }

    @Test
    void textKeepsAllItsCharacters() throws Exception {
        String name = "\"Ä\\\u0001\u2028\uD83D\uDE00";
        String body = json.createObjectNode().put("name", name).put("email", "a@b").toString();
        assertEquals(name, json.readTree(send("POST", "/users", body).body()).path("name").stringValue());
    }

    @Test
    void headTellsTheLengthOfGet() throws Exception {
        send("POST", "/users", ADA);
        HttpResponse<String> head = send("HEAD", "/users/1");
        assertEquals(200, head.statusCode());
        assertEquals(send("GET", "/users/1").body().length(),
                head.headers().firstValueAsLong("Content-Length").orElseThrow());
    }

    @Test
    void optionsTellsTheMethods() throws Exception {
        assertEquals(Set.of("GET", "HEAD", "POST", "OPTIONS"), allowed(send("OPTIONS", "/users")));
        assertEquals(Set.of("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"), allowed(send("OPTIONS", "/users/1")));
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST   | /users   | application/json | {"name": "Ada"      | 400 | the body is not JSON
            POST   | /users   | application/json | {"name": 1} {}      | 400 | the body is not JSON
            POST   | /users   | application/json | {"name":1,"name":2} | 400 | the body is not JSON
            POST   | /users   | application/json | ``                  | 422 | the body has to be a JSON object
            POST   | /users   | application/json | []                  | 422 | the body has to be a JSON object
            POST   | /users   | application/json | {}                  | 422 | the user is not valid
            POST   | /users   | text/plain       | {}                  | 415 | the Content-Type has to be
            POST   | /users   | application/merge-patch+json | {}      | 415 | the Content-Type has to be
            PUT    | /users/7 | application/json | {}                  | 404 | there is no user 7
            PATCH  | /users/7 | application/json | {}                  | 404 | there is no user 7
            DELETE | /users   | application/json | ``                  | 405 | DELETE is not possible here
            GET    | /nothing | application/json | ``                  | 404 | there is nothing at /nothing
            """)
    void everyRefusalIsAProblemDocument(String method, String path, String type, String body, int status, String detail)
            throws Exception {
        assertProblem(status, detail, send(method, path, type, body));
    }

    @Test
    void allFaultsAreToldAtOnce() throws Exception {
        HttpResponse<String> refused = send("POST", "/users", "{\"name\": 7, \"email\": \"@\"}");
        assertProblem(422, "the user is not valid", refused);
        assertEquals(json.readTree("{\"name\": \"has to be a string\", \"email\": \"is no e-mail address\"}"),
                json.readTree(refused.body()).path("errors"));
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() throws Exception {
        assertEquals(Set.of("GET", "HEAD", "POST", "OPTIONS"), allowed(send("DELETE", "/users")));
    }

    @Test
    void aWrongTypeIsToldTheRightOne() throws Exception {
        assertEquals("application/json",
                send("POST", "/users", "text/plain", ADA).headers().firstValue("Accept").orElseThrow());
    }

    @Test
    void noTwoUsersHaveTheSameEmailAddress() throws Exception {
        send("POST", "/users", ADA);
        send("POST", "/users", BOB);
        String taken = "another user has this e-mail address";
        assertProblem(409, taken, send("POST", "/users", ADA.replace("ada@", "ADA@")));
        assertProblem(409, taken, send("PUT", "/users/2", ADA));
        assertProblem(409, taken, send("PATCH", "/users/2", "{\"email\": \"ada@example.org\"}"));
        assertEquals(200, send("PUT", "/users/1", ADA).statusCode(), "its own address is no obstacle");
    }

    @Test
    void aChangeOfWhatSomebodyElseHasChangedIsNotStored() {
        Users users = new Users();
        User first = assertInstanceOf(Users.Stored.class, users.add(new Draft("Ada", "ada@example.org"))).user();
        users.replace(first, new Draft("Ada L", "ada@example.org"));
        assertInstanceOf(Users.Outdated.class, users.replace(first, new Draft("Ada", "ada@example.com")));
        assertEquals(List.of(new User("1", "Ada L", "ada@example.org")), users.all());
    }

    // ---- how it is asked

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path))
                .method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(method, path, "application/json", body);
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path)).header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static Set<String> allowed(HttpResponse<?> response) {
        return Set.of(response.headers().firstValue("Allow").orElseThrow().split(", "));
    }

    private void assertJson(String expectedWithApostrophes, HttpResponse<String> response) {
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(json.readTree(expectedWithApostrophes.replace('\'', '"')), json.readTree(response.body()));
    }

    private void assertProblem(int status, String detail, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response::body);
        assertEquals("application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
        JsonNode problem = json.readTree(response.body());
        assertEquals(status, problem.path("status").intValue());
        assertTrue(problem.path("detail").stringValue().startsWith(detail), response::body);
    }
}
