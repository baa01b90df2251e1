package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpRequestRules;

class NioRequestRulesTest extends HttpRequestRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
