# Everything a developer runs. The first `make setup` installs what is missing; later ones take seconds.
.PHONY: setup test demo screenshots lint zip lock translations

setup:
	./scripts/setup.sh

test: setup
	./scripts/test.sh

demo: setup
	./scripts/demo.sh

screenshots: setup
	./scripts/screenshots.sh

lint: setup
	./scripts/lint.sh

zip: setup
	./scripts/translations.sh compile
	build/dev-python scripts/make_zip.py

lock: setup
	build/dev-python scripts/lock.py

translations:
	./scripts/translations.sh
