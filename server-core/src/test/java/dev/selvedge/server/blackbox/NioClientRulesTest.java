package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpClientRules;

class NioClientRulesTest extends HttpClientRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
