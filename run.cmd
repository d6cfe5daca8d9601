@echo off
rem Sets up what is missing and runs one command: demo, test, lint, open, kiosk ARGS (installer\setup.py does the work)
setlocal
set "UDC_CALLED_FROM=%CD%"
cd /d "%~dp0"
for %%v in (3.13 3.12 3.11) do (
    py -%%v -c "pass" >nul 2>&1 && (
        py -%%v -m installer.setup %*
        exit /b
    )
)
echo Python 3.11, 3.12 or 3.13 is needed: https://www.python.org/downloads/ 1>&2
exit /b 2
