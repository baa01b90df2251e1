package dev.selvedge.server.blackbox;

import dev.selvedge.contract.HttpFilesPathRules;

class NioFilesPathRulesTest extends HttpFilesPathRules {

    @Override
    protected String transport() {
        return "nio";
    }
}
