package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFilesRules;

class EpollFilesRulesTest extends HttpFilesRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
