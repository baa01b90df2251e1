package dev.selvedge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {

    private static String setCookie(Cookie cookie) {
        return Response.empty().withCookie(cookie).headers().first("Set-Cookie").orElseThrow();
    }

    private static Request requestWith(String... cookieLines) {
        Request.Builder builder = Request.builder("GET", "/");
        for (String line : cookieLines) {
            builder.header("Cookie", line);
        }
        return builder.build();
    }

    @Test
    void aCookieBeginsWithCarefulChoices() {
        assertEquals("id=7; Path=/; HttpOnly; SameSite=Lax", setCookie(Cookie.of("id", "7")));
    }

    @Test
    void everyAttributeIsWritten() {
        Cookie cookie = Cookie.of("id", "7").withPath("/shop").withDomain("example.org").withSecure(true)
                .withMaxAge(Duration.ofMinutes(2)).withHttpOnly(false).withSameSite(Cookie.SameSite.STRICT)
                .withValue("8");
        assertEquals("id=8; Path=/shop; Domain=example.org; Max-Age=120; Secure; SameSite=Strict", setCookie(cookie));
        assertEquals("id", cookie.name());
        assertEquals("8", cookie.value());
        assertEquals("/shop", cookie.path());
        assertEquals(Optional.of("example.org"), cookie.domain());
        assertEquals(Optional.of(Duration.ofMinutes(2)), cookie.maxAge());
        assertTrue(cookie.secure());
        assertFalse(cookie.httpOnly());
        assertEquals(Cookie.SameSite.STRICT, cookie.sameSite());
    }

    @Test
    void anExpiredCookieIsForgottenAtOnce() {
        assertEquals("id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax", setCookie(Cookie.expired("id")));
    }

    @Test
    void severalCookiesHaveSeveralLines() {
        Response response = Response.empty().withCookie(Cookie.of("a", "1")).withCookie(Cookie.of("b", "2"));
        assertEquals(2, response.headers().all("set-cookie").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a;b", "a\r\nb", "a\0", "ä", "a\"b", "a,b", "{a}"})
    void aNameThatIsNoTokenIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Cookie.of(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a,b", "a\"b", "a\\b", "a\r\nSet-Cookie: b=c", "a\0", "ä", "a\u007F"})
    void aValueThatCouldEndEarlyIsRefused(String value) {
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("n", value));
        assertThrows(IllegalArgumentException.class, () -> Cookie.of("n", "").withValue(value));
    }

    @Test
    void theRefusalSaysWhichCharacterAndWhatToDo() {
        var e = assertThrows(IllegalArgumentException.class, () -> Cookie.of("n", "ab;c"));
        assertEquals("the value of a cookie can't have the character U+003B (at index 2); encode it, for example with"
                + " URLEncoder or Base64", e.getMessage());
    }

    @Test
    void attributesAreChecked() {
        Cookie cookie = Cookie.of("a", "b");
        assertThrows(IllegalArgumentException.class, () -> cookie.withPath("shop"));
        assertThrows(IllegalArgumentException.class, () -> cookie.withPath("/a;b"));
        assertThrows(IllegalArgumentException.class, () -> cookie.withPath("/a\r\nb"));
        assertThrows(IllegalArgumentException.class, () -> cookie.withDomain(""));
        assertThrows(IllegalArgumentException.class, () -> cookie.withDomain("a; Secure"));
        assertThrows(IllegalArgumentException.class, () -> cookie.withMaxAge(Duration.ofSeconds(-1)));
    }

    @Test
    void whatBrowsersWouldDropIsRefused() {
        Response response = Response.empty();
        Cookie none = Cookie.of("a", "b").withSameSite(Cookie.SameSite.NONE);
        assertThrows(IllegalStateException.class, () -> response.withCookie(none));
        assertEquals("a=b; Path=/; Secure; HttpOnly; SameSite=None", setCookie(none.withSecure(true)));
        assertThrows(IllegalStateException.class, () -> response.withCookie(Cookie.of("__Secure-a", "b")));
        assertThrows(IllegalStateException.class,
                () -> response.withCookie(Cookie.of("__Host-a", "b").withSecure(true).withDomain("example.org")));
        assertThrows(IllegalStateException.class,
                () -> response.withCookie(Cookie.of("__Host-a", "b").withSecure(true).withPath("/a")));
        assertTrue(setCookie(Cookie.of("__Host-a", "b").withSecure(true)).startsWith("__Host-a=b; Path=/; Secure"));
    }

    @Test
    void cookiesAreValuesThatKeepTheirSecret() {
        Cookie cookie = Cookie.of("id", "secret");
        assertEquals(cookie, Cookie.of("id", "secret"));
        assertEquals(cookie.hashCode(), Cookie.of("id", "secret").hashCode());
        assertNotEquals(cookie, cookie.withSecure(true));
        assertFalse(cookie.toString().contains("secret"), cookie.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "a=1; b=2             | 1", "b=2; a=1              | 1", "a=1;a=2              | 1", " a = 1 ;b=2         | 1",
        "a=                   | ''", "a=\"x y\"             | x y", "a=b=c                | b=c",
        "a; a=1; =3          | 1",
        ";;a=1                | 1", "a=\"                  | '\"'", "a=1;                 | 1",
        "aa=2; a=1            | 1"})
    void receivedCookiesAreReadLeniently(String line, String value) {
        assertEquals(Optional.of(value), requestWith(line).cookie("a"));
        assertEquals(value, requestWith(line).cookies().get("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b=1", "a", "A=1", "=a", "", "b=a=1"})
    void aCookieThatWasNotSentIsNotThere(String line) {
        assertEquals(Optional.empty(), requestWith(line).cookie("a"));
        assertFalse(requestWith(line).cookies().containsKey("a"));
    }

    @Test
    void cookiesMayComeOnSeveralLines() {
        Request request = requestWith("a=1; b=2", "c=3; a=4");
        assertEquals(Map.of("a", "1", "b", "2", "c", "3"), request.cookies());
        assertEquals(List.of("a", "b", "c"), List.copyOf(request.cookies().keySet()));
        assertEquals(Optional.of("3"), request.cookie("c"));
        assertEquals(Map.of(), requestWith().cookies());
    }
}
