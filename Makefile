# Everything a developer runs. The first `make setup` installs what is missing; later ones take seconds.
.PHONY: setup test demo screenshots lint zip lock

setup:
	./scripts/setup.sh

test: setup
	./scripts/test.sh

demo: setup
	./scripts/demo.sh

screenshots: setup
	./scripts/demo.sh --screenshots

lint: setup
	./scripts/lint.sh

zip: setup
	build/dev-python scripts/make_zip.py

lock: setup
	build/dev-python scripts/lock.py
