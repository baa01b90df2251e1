package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpExpectRules;

class NioExpectRulesTest extends HttpExpectRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
