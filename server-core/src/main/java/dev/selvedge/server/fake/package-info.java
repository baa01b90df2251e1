/**
 * A fake HTTP endpoint for the tests of HTTP clients.
 *
 * <pre>{@code
 * class UserClientTest {
 *
 *     @AutoClose
 *     FakeServer server = FakeServer.start();
 *
 *     @Test
 *     void aClientAsksAgainAfter503() {
 *         server.on("GET", "/users/{id}").respond(Response.error(503)).then(Response.json("{\"name\":\"Ada\"}"));
 *
 *         User user = new UserClient(server.uri()).user(7);
 *
 *         assertEquals("Ada", user.name());
 *         server.verify("GET", "/users/7").times(2).now();
 *         server.assertNothingUnused();
 *     }
 * }
 * }</pre>
 *
 * <p>{@link dev.selvedge.server.fake.FakeServer} is the place to begin. It is the server of
 * {@link dev.selvedge.server.HttpServer}, so what clients meet is what they meet in production, and everything that can
 * be said with {@link dev.selvedge.server.Response} and {@link dev.selvedge.server.Handler} can be answered.
 *
 * <p>What can go wrong is data: a {@link dev.selvedge.server.fake.Fault} of one exchange, a
 * {@link dev.selvedge.server.fake.ConnectionFault} of a whole connection, a
 * {@link dev.selvedge.server.fake.Malformed} response. All are values that can be combined, named and listed.
 *
 * <p>Unless something else is said, no parameter may be null ({@link java.lang.NullPointerException}), no method
 * returns null, and every type may be used by several threads at once.
 */
package dev.selvedge.server.fake;
