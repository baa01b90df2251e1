package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CacheRulesTest {

    @Test
    void withoutARuleACopyIsAskedForBeforeEachUse() {
        assertEquals("no-cache", CacheRules.DEFAULT.valueFor("/index.html"));
        assertEquals("no-cache", CacheRules.DEFAULT.valueFor("/app.3f9a1c2b.js"), "nobody said that this is a hash");
        assertEquals("no-cache", CacheRules.DEFAULT.with("/a", "x").valueFor("/b"));
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        CacheRules rules = CacheRules.DEFAULT.with("/assets/own/**", "no-store").with("*.css", "max-age=60")
                .with("/assets/**", "max-age=3600").with("*.txt", "");
        assertEquals("no-store", rules.valueFor("/assets/own/a.css"));
        assertEquals("max-age=60", rules.valueFor("/assets/a.css"));
        assertEquals("max-age=3600", rules.valueFor("/assets/a.png"));
        assertEquals("", rules.valueFor("/a.txt"));
        assertEquals("no-cache", rules.valueFor("/a.png"));
    }

    @Test
    void namesWithAHashNeverChangeWhereARuleSaysSo() {
        CacheRules rules = CacheRules.DEFAULT.withHashedNames("/assets/**");
        assertEquals("public, max-age=31536000, immutable", rules.valueFor("/assets/js/app.3f9a1c2b.js"));
        assertEquals("no-cache", rules.valueFor("/assets/js/app.js"));
        assertEquals("no-cache", rules.valueFor("/app.3f9a1c2b.js"));
        assertEquals("no-cache", rules.valueFor("/assets/app.3f9a1c2b.d/app.js"), "it is the file's name that counts");
    }

    @Test
    void rulesDoNotChange() {
        CacheRules.DEFAULT.with("/**", "x");
        assertEquals("no-cache", CacheRules.DEFAULT.valueFor("/a"));
    }

    @Test
    void whatCanNotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CacheRules.DEFAULT.with("/a/", "x"));
        assertThrows(IllegalArgumentException.class, () -> CacheRules.DEFAULT.withHashedNames("a/b"));
        assertThrows(IllegalArgumentException.class, () -> CacheRules.DEFAULT.with("/a", "x\r\ny: z"));
    }
}
