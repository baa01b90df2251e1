package dev.selvedge.epoll.blackbox;

import dev.selvedge.contract.HttpFilesChangeRules;

class EpollFilesChangeRulesTest extends HttpFilesChangeRules {

    @Override
    protected String transport() {
        return "epoll";
    }
}
